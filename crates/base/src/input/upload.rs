//! Forms with a file. The whole body is read up to its limit before anything is looked at.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyDataStream, Full};
use multer::{Constraints, Multipart, SizeLimit};

use super::{Fields, MAX_FORM_FIELDS, body};
use crate::problem::Problem;

/// Largest body of a form with a file, in bytes: a file of 4 MiB and what stands around it.
pub const MAX_UPLOAD_BYTES: usize = 4 * 1024 * 1024 + 64 * 1024;

const MEDIA_TYPE: &str = "multipart/form-data";

/// A form sent with at most one file (`multipart/form-data`). `Debug` tells only sizes.
#[derive(Clone)]
pub struct Upload {
    /// Names and texts, in the order sent; bytes that are not UTF-8 become U+FFFD.
    pub fields: Fields,
    /// The file, as it is; empty when none was chosen.
    pub file: Bytes,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({:?}, {} bytes)", self.fields, self.file.len())
    }
}

/// Whether a request says that it brings a file, and so may be larger than others.
#[must_use]
pub fn is_upload(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    value.is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case(MEDIA_TYPE)
    })
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let declared = request.headers().get(header::CONTENT_TYPE).cloned();
        let declared = declared.as_ref().and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(declared.unwrap_or_default());
        let boundary = boundary.map_err(|_| Problem::unsupported_media_type(MEDIA_TYPE))?;
        let body = body::read(request, MEDIA_TYPE).await?;
        let limits = SizeLimit::new().whole_stream(body.len() as u64);
        let mut parts = Multipart::with_constraints(
            BodyDataStream::new(Full::new(body)),
            boundary,
            Constraints::new().size_limit(limits),
        );
        let mut fields = Vec::new();
        let mut file = None;
        let mut seen = 0;
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            seen += 1;
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_| broken())?;
            if seen > MAX_FORM_FIELDS || is_file && file.is_some() {
                return Err(broken());
            }
            if is_file {
                file = Some(bytes);
            } else {
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok(Self {
            fields: fields.into_iter().collect(),
            file: file.unwrap_or_default(),
        })
    }
}

fn broken() -> Problem {
    Problem::bad_request().detail("Send fields and at most one file, each part whole.")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn read(content_type: &str, body: &str) -> Result<Upload, u16> {
        let request = Request::builder()
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let read = Upload::from_request(request, &()).await;
        read.map_err(|problem| problem.kind.status.as_u16())
    }

    const PARTS: &str = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
        Content-Disposition: form-data; name=\"f\"; filename=\"l.csv\"\r\n\r\nName\nAma\r\n--x--\r\n";

    #[tokio::test]
    async fn fields_and_a_file_are_read() {
        let read = read("multipart/form-data; boundary=x", PARTS).await;
        let read = read.expect("a form");
        assert_eq!(read.fields.get("a"), Some("1"));
        assert_eq!(&read.file[..], b"Name\nAma");
        assert_eq!(format!("{read:?}"), "Upload(Fields(1 of them), 8 bytes)");
    }

    #[tokio::test]
    async fn anything_else_is_refused() {
        let kind = "multipart/form-data; boundary=x";
        let half = &PARTS[..PARTS.len() - 10];
        let two = PARTS.replace("; name=\"a\"", "; name=\"a\"; filename=\"b\"");
        for (content_type, body, status) in [
            ("text/csv", PARTS, 415),
            ("multipart/form-data", PARTS, 415),
            (kind, half, 400),
            (kind, two.as_str(), 400),
            (kind, "Name", 400),
        ] {
            assert_eq!(read(content_type, body).await.err(), Some(status), "{body}");
        }
    }
}
