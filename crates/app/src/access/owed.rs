//! What a sign-in still owes after each of its steps: pure, and decided here alone.

use super::sessions::Began;

/// What a sign-in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The member's second factor.
    Code,
    /// A second factor, which the member's role needs and they have not.
    SetUp,
    /// A passkey, which they have in place of the second factor that their role needs.
    Passkey,
    /// A new password.
    Password,
    /// Another network: who it is was shown, and their role comes in from elsewhere.
    Outside,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 5] = [
        Self::Code,
        Self::SetUp,
        Self::Passkey,
        Self::Password,
        Self::Outside,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::SetUp => "set_up",
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Outside => "outside",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// What was given in a sign-in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gave {
    /// The password, or a link that stands for it.
    Password,
    /// The second factor after it.
    Factor,
    /// A passkey: its device verified who holds it, so it is both.
    Passkey,
    /// The provider's word, which stands for the password.
    Provider,
    /// The provider's word, and that it asked for a second factor.
    ProviderAndFactor,
}

impl Gave {
    fn is_first_factor_alone(self) -> bool {
        matches!(self, Self::Password | Self::Provider)
    }

    fn is_both_factors(self) -> bool {
        matches!(self, Self::Passkey | Self::ProviderAndFactor)
    }
}

/// What is known of a sign-in after a step of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub has_factor: bool,
    pub has_passkey: bool,
    pub gave: Gave,
    pub role_needs_factor: bool,
    /// Never so for a sign-in by the provider, which took no password.
    pub password_is_old: bool,
    /// Nobody with this role comes in from there, and no link by mail stands for it.
    pub is_outside: bool,
}

/// What is still to come; `None` when all was done. A right code stands for nothing before the
/// password, because only a password or a passkey begins a sign-in. From outside nothing is done but to
/// show who one is.
pub(super) fn still_owed(standing: Standing) -> Option<Stage> {
    let is_proved = standing.gave.is_both_factors();
    let wants_factor = standing.role_needs_factor && !standing.has_factor && !is_proved;
    if standing.has_factor && standing.gave.is_first_factor_alone() {
        Some(Stage::Code)
    } else if wants_factor && standing.has_passkey {
        // Or whoever learned the password could set up a factor of their own.
        Some(Stage::Passkey)
    } else if standing.is_outside {
        Some(Stage::Outside)
    } else if wants_factor {
        Some(Stage::SetUp)
    } else if standing.password_is_old {
        Some(Stage::Password)
    } else {
        None
    }
}

/// What was given before the last stages, which come after password and code, a passkey or the provider.
pub(super) fn gave_before(began: &Began) -> Gave {
    if began.by_passkey {
        Gave::Passkey
    } else if began.by_provider.is_some_and(|by| by.two_factors) {
        Gave::ProviderAndFactor
    } else {
        Gave::Factor
    }
}

/// By which means a sign-in was done, as the audit log names them.
pub(super) fn means(standing: Standing, began: &Began) -> &'static str {
    let by_provider = began.by_provider.is_some();
    match standing.gave {
        Gave::Passkey => "passkey",
        Gave::ProviderAndFactor => "provider+factor",
        // Without a factor it was a password that took the place of an old one.
        Gave::Factor if standing.has_factor && by_provider => "provider+code",
        Gave::Factor if standing.has_factor => "password+code",
        _ if by_provider => "provider",
        _ => "password",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_owed_is_left_out() {
        let all = [false, true];
        for gave in [
            Gave::Password,
            Gave::Factor,
            Gave::Passkey,
            Gave::Provider,
            Gave::ProviderAndFactor,
        ] {
            for number in 0..32_usize {
                let flag = |bit: usize| all[number >> bit & 1];
                let standing = Standing {
                    has_factor: flag(0),
                    has_passkey: flag(1),
                    gave,
                    role_needs_factor: flag(2),
                    password_is_old: flag(3),
                    is_outside: flag(4),
                };
                let owed = still_owed(standing);
                let is_strong =
                    gave.is_both_factors() || (standing.has_factor && gave == Gave::Factor);
                let wants_more = standing.has_factor || standing.role_needs_factor;
                let is_who = is_strong || !wants_more;
                let done = is_who && !standing.password_is_old && !standing.is_outside;
                assert_eq!(owed.is_none(), done, "{standing:?}");
                match owed {
                    Some(Stage::Code) => {
                        assert!(standing.has_factor && gave.is_first_factor_alone());
                    }
                    Some(Stage::SetUp) => {
                        assert!(!standing.has_factor && !standing.has_passkey);
                        assert!(!standing.is_outside);
                    }
                    Some(Stage::Passkey) => assert!(standing.has_passkey && !is_strong),
                    Some(Stage::Password) => {
                        assert!(!standing.has_factor || is_strong);
                        assert!(!standing.is_outside);
                    }
                    // Whoever can show who they are has done so by then.
                    Some(Stage::Outside) => {
                        assert!(standing.is_outside);
                        assert!(
                            is_strong
                                || (!standing.has_factor && !standing.has_passkey)
                                || !wants_more
                        );
                    }
                    None => {}
                }
            }
        }
    }
}
