//! Handing a package over, part by part.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use hyper::body::{Body as Streamed, Frame};
use kept_base::input::Form;
use kept_base::page::Caching;
use kept_base::problem::Problem;

use super::id;
use crate::desk::{Answer, DeskTo};
use crate::ids::PackageId;
use crate::packages;
use crate::policy::rights::ExportOrganization;

/// `POST /export/{package}/download`: who fetches it is in the register before the first byte leaves.
pub(super) async fn download(desk: DeskTo<ExportOrganization>, Form(_): Form) -> Answer {
    let id = id(&desk)?;
    if let Some(proof) = desk.wants_proof("/export").await? {
        return Ok(proof);
    }
    let member = desk.member.id;
    let entered = desk.write(move |tx, _, by| packages::download(tx, by, member, id));
    let package = entered.await?.map_err(Problem::from)?;
    let name = format!("attachment; filename=\"{}.age\"", desk.slug);
    let mut headers = desk.app.look.headers.data(Caching::NoStore);
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, octets);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(package.bytes));
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    let fetching = Fetching {
        desk,
        id,
        parts: package.parts,
    };
    let first = Arc::new(fetching).next(1);
    let mut response = Response::new(Body::new(Parts(Box::pin(first))));
    *response.headers_mut() = headers;
    Ok(response)
}

/// One download. Whether they may is asked anew with each part.
struct Fetching {
    desk: DeskTo<ExportOrganization>,
    id: PackageId,
    parts: u32,
}

/// The next part and what comes after it; `None` at the end.
type Next = Pin<Box<dyn Future<Output = Option<(io::Result<Bytes>, Arc<Fetching>, u32)>> + Send>>;

impl Fetching {
    async fn next(self: Arc<Self>, number: u32) -> Option<(io::Result<Bytes>, Arc<Self>, u32)> {
        if number > self.parts {
            return None;
        }
        let id = self.id;
        let read = self
            .desk
            .read(move |tx, _| packages::part(tx, id, number))
            .await;
        let part = match read {
            Ok(Ok(Some(part))) => Ok(Bytes::from(part)),
            // Breaks the connection off: half a package must not look like a whole one.
            _ => Err(io::Error::other("the package is gone")),
        };
        Some((part, self, number + 1))
    }
}

/// The body: one part in memory at a time.
struct Parts(Next);

impl Streamed for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Some((part, fetching, number)) = ready!(self.0.as_mut().poll(cx)) else {
            // Never asked again after its end.
            return Poll::Ready(None);
        };
        self.0 = Box::pin(fetching.next(number));
        Poll::Ready(Some(part.map(Frame::data)))
    }
}
