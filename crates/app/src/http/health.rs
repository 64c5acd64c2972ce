//! Is it alive, and can it work? For load balancers and whoever runs it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Json;
use kept_base::problem::Problem;
use serde_json::{Value, json};

use crate::app::App;

/// `GET /healthz`: the process answers. Tells its version and the edition of its time zones.
pub(super) async fn healthz(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "tzdb": app.zones.version(),
    }))
}

/// `GET /readyz`: the control database answers too; 500 or 503 when not.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<Json<Value>, Problem> {
    // No organization may be called so, hence this is never answered from memory.
    app.store.find_organization("readyz").await?;
    Ok(Json(json!({ "status": "ready" })))
}
