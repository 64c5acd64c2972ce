//! Journeys in a real browser: headless Chromium, driven as a person would use it.
//!
//! [`browse`] opens a window and hands it to a test as a [`Tab`]. When the walk is over, the
//! browser must have had nothing to complain about: no violation of the content security policy,
//! no error on the console. Waiting is always for something to be seen, never for time to pass.
//!
//! Without Chromium these tests fail and say how to install it; they are never skipped.

mod axe;
mod driver;
mod frames;
mod judgment;
mod keyboard;
mod looks;
mod pointer;
pub mod site;
mod tab;
mod tests;
mod wire;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

pub use looks::Looks;
pub use site::Site;
pub use tab::Tab;

/// Browsers at once, each with several processes; more would only wait for one another.
const MAX_WINDOWS: usize = 4;

/// Walks through pages in a window of its own, which is closed however the walk ends.
///
/// A walk that panics leaves a picture of the page in `target/screenshots/`.
///
/// # Panics
///
/// As the walk does; or when the browser complained and the walk did not
/// [`excuse`](Tab::excuse) it; or without Chromium, naming the command that installs it.
pub fn browse(looks: &Looks, walk: impl AsyncFnOnce(&Tab)) {
    let _seat = Seat::take();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for one test");
    let tab = runtime.block_on(Tab::open(driver::url(), looks));
    // Unwind-safe: after a panic the tab is only photographed and closed.
    let walked = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            walk(&tab).await;
            tab.assert_no_complaints();
        });
    }));
    if walked.is_err() {
        let name = thread::current()
            .name()
            .unwrap_or("journey")
            .replace("::", "-");
        tab.screenshot(&format!("failed-{name}"));
    }
    runtime.block_on(tab.close());
    if let Err(panic) = walked {
        resume_unwind(panic);
    }
}

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The right to have one of [`MAX_WINDOWS`] windows.
struct Seat;

impl Seat {
    fn take() -> Self {
        let full = |taken: &mut usize| *taken >= MAX_WINDOWS;
        let taken = FREED.wait_while(Self::count(), full);
        *taken.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }

    fn count() -> MutexGuard<'static, usize> {
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        *Self::count() -= 1;
        FREED.notify_one();
    }
}
