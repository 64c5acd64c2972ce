use insta::assert_snapshot;

use super::*;
use crate::config::Config;
use crate::config::tests::{file, findings};

#[test]
fn lists_are_read_and_bounded() {
    let networks = |text| listed(text, MAX_TRUSTED_PROXIES, read_network);
    let read = networks("127.0.0.1, 10.0.0.0/8,FD00::/8").expect("networks");
    let shown: Vec<String> = read.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]);
    for wrong in [
        "localhost",
        "10.0.0.0/33",
        "10.0.0.1,",
        "*",
        "10.0.0.1 10.0.0.2",
    ] {
        assert!(networks(wrong).is_none(), "{wrong}");
    }
    let many = vec!["10.0.0.1"; MAX_TRUSTED_PROXIES].join(",");
    assert!(networks(&many).is_some());
    assert!(networks(&format!("{many},10.0.0.1")).is_none());

    let domains = |text| listed(text, MAX_DOMAINS, read_domain);
    let read = domains("Book.Example.org, b-2.example").expect("domains");
    assert_eq!(read, ["book.example.org", "b-2.example"]);
    for wrong in [
        "localhost",
        "*.example.org",
        "10.0.0.1",
        "-a.example",
        "a..example",
        "a_b.example",
    ] {
        assert!(domains(wrong).is_none(), "{wrong}");
    }
    let many = vec!["a.example"; MAX_DOMAINS].join(",");
    assert!(domains(&many).is_some());
    assert!(domains(&format!("{many},a.example")).is_none());
}

#[test]
fn the_host_of_a_base_url() {
    for (url, host) in [
        ("https://book.example.org", "book.example.org"),
        ("https://book.example.org:8443", "book.example.org"),
        ("https://[2001:db8::1]:8443", "2001:db8::1"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
    ] {
        assert_eq!(host_of(url), host);
    }
}

#[test]
fn what_does_not_go_together_is_said() {
    let all = |text: &str| {
        let (folder, sources) = file(text);
        findings(folder.path(), &sources)
    };
    assert_snapshot!(all("[server]\nplain_listen = '[::]:80'"), @"
    server.plain_listen: is only for a listener beside TLS; set tls.certificate_file and tls.key_file too, or listen on server.listen alone
    ");
    assert_snapshot!(all("[tls]\ncertificate_file = 'c.pem'"), @"
    tls.key_file: is needed with tls.certificate_file; write the path of a PEM file of mode 0600
    ");
    assert_snapshot!(all("[tls]\ncertificate_file = 'c.pem'\nkey_file = 'k.pem'"), @"
    tls.certificate_file: the certificates in FOLDER/c.pem cannot be read: No such file or directory (os error 2)
    ");
    assert_snapshot!(all("[tls]\ndomains = 'book.example'"), @"
    tls.acme_terms_agreed: must be true with tls.domains: read the terms of whom tls.acme_directory names first
    ");
    assert_snapshot!(all("[tls]\ndomains = 'book.example'\nacme_terms_agreed = true"), @"
    server.plain_listen: is needed with tls.domains: the certificate authority asks there, by port 80; write an address and a port, such as [::]:80
    server.base_url: is needed with tls.domains; write how people reach it, such as https://book.example.org, without a path
    ");
    assert_snapshot!(all(
        "[server]\nbase_url = 'http://other.example'\nlisten = '[::]:443'\nplain_listen = '[::]:443'\n\
         [tls]\ndomains = 'book.example'\nacme_terms_agreed = true\nacme_directory = 'http://a.example'\n\
         acme_contact = 'nobody'"
    ), @r#"
    tls.acme_contact (FOLDER/kept.toml): "nobody" will not do; write a mail address
    tls.acme_directory (FOLDER/kept.toml): "http://a.example" will not do; write the https address of an ACME directory
    "#);
    assert_snapshot!(all(
        "[server]\nbase_url = 'http://other.example'\nlisten = '[::]:443'\nplain_listen = '[::]:443'\n\
         [tls]\ndomains = 'book.example'\nacme_terms_agreed = true"
    ), @"
    server.base_url: begins with http, but Kept speaks TLS; write https://..
    server.plain_listen: is where TLS is spoken; write another port, such as 80
    tls.domains: does not have other.example, which server.base_url names
    ");
    assert_snapshot!(all(
        "[server]\ntrusted_proxies = 'localhost'\nhsts_preload = 1\n\
         [tls]\ndomains = '*.example.org'\ncertificate_file = 'c.pem'\nkey_file = 'k.pem'"
    ), @r#"
    server.trusted_proxies (FOLDER/kept.toml): "localhost" will not do; write addresses and networks with commas between them, such as 127.0.0.1, 10.1.0.0/16, fd00::/8; at most 64
    server.hsts_preload (FOLDER/kept.toml): "1" will not do; write true or false
    tls.domains (FOLDER/kept.toml): "*.example.org" will not do; write names with commas between them, such as book.example.org; at most 20
    tls.domains: set either this or tls.certificate_file: certificates are ordered, or they are yours
    "#);
}

#[test]
fn certificates_that_are_ordered() {
    let (_folder, sources) = file(
        "[server]\nlisten = '[::]:443'\nplain_listen = '[::]:80'\nbase_url = 'https://book.example'\n\
         [tls]\ndomains = 'book.example, www.book.example'\nacme_terms_agreed = true\n\
         acme_contact = 'admin@book.example'",
    );
    let config = Config::load(&sources).expect("a config");
    let Some(Tls::Acme(acme)) = config.server.tls else {
        panic!("certificates were to be ordered");
    };
    assert_eq!(acme.domains, ["book.example", "www.book.example"]);
    assert_eq!(
        acme.directory,
        "https://acme-v02.api.letsencrypt.org/directory"
    );
    assert_eq!(
        config.server.plain_listen.map(|address| address.port()),
        Some(80)
    );
}
