//! What locks a package, and what keeps one from being made.

use std::sync::Arc;

use kept_app::export::{self, Bounds, ExportError, Lock, Opener};
use kept_base::kit::Actor;
use kept_base::store::Error;

use super::{PASSPHRASE, Shelf, furnished, silent};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_too_large_or_wanted_no_more_is_not_made() {
    let (test, clinic, _) = furnished().await;
    let make = |max_database_bytes, is_wanted: bool| {
        let lock = Lock::passphrase(PASSPHRASE).expect("is long enough");
        let bounds = Bounds {
            max_database_bytes,
            is_wanted: Arc::new(move || is_wanted),
        };
        let (store, with) = (Arc::clone(&test.app.store), (silent(), bounds));
        async move {
            let to = (lock, Vec::new());
            let made = export::make(&store, clinic.id, Actor::SYSTEM, to, with).await;
            made.map(|_| ()).expect_err("is not made")
        }
    };
    let large = make(64 * 1024, true).await;
    assert!(matches!(large, ExportError::TooLarge(65_536)), "{large}");
    let closing = make(64 * 1024 * 1024, false).await;
    let expected = matches!(closing, ExportError::Store(Error::Closing));
    assert!(expected, "{closing}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passphrase_locks_as_well() {
    let (test, clinic, _) = furnished().await;
    assert!(Lock::passphrase("too short").is_err());
    let lock = Lock::passphrase(PASSPHRASE).expect("is long enough");
    let made = export::export(
        &test.app.store,
        clinic.id,
        Actor::OPERATOR,
        (lock, Vec::new()),
        silent(),
    );
    let (bytes, _) = made.await.expect("is exported");
    let shelf = Shelf::new();
    let path = shelf.folder.path().join("package");
    std::fs::write(&path, bytes).expect("is written");
    let zones = Arc::clone(&test.app.zones);
    let open = |words: &str| Opener::Passphrase(words.to_owned().into());
    let import = |words| {
        let slug = Some("hillside".to_owned());
        let from = (path.as_path(), open(words));
        let with = (Arc::clone(&zones), silent());
        export::import(&test.app.store, Actor::OPERATOR, from, slug, with)
    };
    let refused = import("quite copper morning")
        .await
        .expect_err("is another");
    assert!(refused.to_string().contains("does not open"), "{refused}");
    import(PASSPHRASE).await.expect("is imported");
}
