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
    walk_in(&[looks], async |tabs| walk(&tabs[0]).await);
}

/// The same in two windows of two people.
///
/// # Panics
///
/// As [`browse`].
pub fn browse_together(looks: [&Looks; 2], walk: impl AsyncFnOnce(&Tab, &Tab)) {
    walk_in(&looks, async |tabs| walk(&tabs[0], &tabs[1]).await);
}

fn walk_in(looks: &[&Looks], walk: impl AsyncFnOnce(&[Tab])) {
    let _seats = Seats::take(looks.len());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for one test");
    let tabs: Vec<Tab> = looks
        .iter()
        .map(|looks| runtime.block_on(Tab::open(driver::url(), looks)))
        .collect();
    // Unwind-safe: after a panic the tabs are only photographed and closed.
    let walked = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            walk(&tabs).await;
            for tab in &tabs {
                tab.assert_no_complaints();
            }
        });
    }));
    if walked.is_err() {
        let name = thread::current()
            .name()
            .unwrap_or("journey")
            .replace("::", "-");
        for (number, tab) in tabs.iter().enumerate() {
            tab.screenshot(&format!("failed-{name}-{number}"));
        }
    }
    for tab in tabs {
        runtime.block_on(tab.close());
    }
    if let Err(panic) = walked {
        resume_unwind(panic);
    }
}

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The right to have some of [`MAX_WINDOWS`] windows, taken at once, so that nobody who has one
/// waits for another.
struct Seats(usize);

impl Seats {
    fn take(count: usize) -> Self {
        let full = |taken: &mut usize| *taken + count > MAX_WINDOWS;
        let taken = FREED.wait_while(Self::count(), full);
        *taken.unwrap_or_else(PoisonError::into_inner) += count;
        Self(count)
    }

    fn count() -> MutexGuard<'static, usize> {
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seats {
    fn drop(&mut self) {
        *Self::count() -= self.0;
        FREED.notify_all();
    }
}
