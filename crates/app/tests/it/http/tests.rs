//! The client itself, proved on a server that says what it is told to.

use std::net::TcpListener;
use std::thread;

use serde_json::json;

use super::*;

/// Serves one connection after another: for each request read, one of `answers`.
fn server(answers: &'static [&'static str]) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound socket"));
    let serving = thread::spawn(move || {
        let mut seen = Vec::new();
        let mut answers = answers.iter();
        while let Ok((stream, _)) = listener.accept() {
            let mut stream = BufReader::new(stream);
            while let Ok(request) = read_request(&mut stream) {
                seen.push(request);
                let Some(answer) = answers.next() else {
                    return seen;
                };
                stream
                    .get_mut()
                    .write_all(answer.as_bytes())
                    .expect("the client listens");
                if answer.contains("connection: close") {
                    break;
                }
                if answers.len() == 0 {
                    return seen;
                }
            }
        }
        seen
    });
    (url, serving)
}

fn read_request(from: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\n\n") {
        head.push_str(&(read_line(from)? + "\n"));
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("we wrote a number"));
    let mut body = Vec::new();
    read_exactly(from, length, &mut body)?;
    Ok(head + &String::from_utf8_lossy(&body))
}

#[test]
fn one_connection_carries_several_exchanges() {
    let (url, serving) = server(&[
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nX-One: 1\r\n\r\n{\"a\": 42}",
        "HTTP/1.1 409 Conflict\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ]);
    let mut http = Http::new(&url).bearer("secret");
    let first = http.get("/one?x=1");
    assert_eq!((first.status, first.header("x-one")), (200, Some("1")));
    assert_eq!(first.json(), json!({ "a": 42 }));
    let second = http.post("/two", &json!({ "b": [1, 2] }));
    assert_eq!((second.status, second.text().as_str()), (409, "abcde"));
    let form = Request::post("/three").form(&[("name", "Ada & Bo"), ("zone", "Europe/Berlin")]);
    assert_eq!(http.send(form).status, 204);
    let seen = serving.join().expect("the server saw three requests");
    let host = url.trim_start_matches("http://");
    assert_eq!(
        seen[0],
        format!("GET /one?x=1 HTTP/1.1\nhost: {host}\nauthorization: Bearer secret\n\n")
    );
    assert!(
        seen[1].ends_with("content-type: application/json\ncontent-length: 11\n\n{\"b\":[1,2]}")
    );
    assert!(seen[2].ends_with("\n\nname=Ada%20%26%20Bo&zone=Europe%2FBerlin"));
}

#[test]
fn a_closed_connection_is_opened_again_for_the_next_request() {
    let (url, serving) = server(&[
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil the end",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ]);
    let mut http = Http::new(&url);
    assert_eq!(http.get("/").text(), "until the end");
    assert_eq!(http.get("/").text(), "ok");
    assert_eq!(serving.join().expect("two connections").len(), 2);
}

#[test]
fn an_answer_that_breaks_off_is_an_error_and_not_a_short_body() {
    let (url, serving) = server(&["HTTP/1.1 201 Created\r\ncontent-length: 10\r\n\r\n123"]);
    let mut http = Http::new(&url);
    let error = http
        .try_send(Request::post("/"))
        .expect_err("seven bytes are missing");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    serving.join().expect("the server is done");
}
