//! Waiting for other programs, which tell nobody when they are ready.

use std::time::{Duration, Instant};

use crate::step::Failure;

/// How long to wait between two questions, in milliseconds.
const BETWEEN_MS: u64 = 100;

/// Asks until there is an answer.
///
/// # Errors
///
/// When there is none within `limit`; the message says what was waited for.
pub fn until<T>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> Option<T>,
) -> Result<T, Failure> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if started.elapsed() > limit {
            let seconds = limit.as_secs();
            return Err(Failure::new(
                1,
                format!("xtask: waited {seconds} s in vain: {what}"),
            ));
        }
        pause(Duration::from_millis(BETWEEN_MS));
    }
}

/// Lets time pass.
#[expect(
    clippy::disallowed_methods,
    reason = "other programs do their work meanwhile and tell nobody"
)]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_comes_is_named() {
        let mut asked = 0;
        let third = until("the third", Duration::from_secs(9), || {
            asked += 1;
            (asked == 3).then_some(asked)
        });
        assert_eq!(third.expect("it comes"), 3);
        let never = until("a pig that flies", Duration::ZERO, || None::<()>);
        assert!(never.unwrap_err().to_string().ends_with("a pig that flies"));
    }
}
