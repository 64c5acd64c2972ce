//! What a sign-in still owes after each of its steps: pure, and decided here alone.

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
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 4] = [Self::Code, Self::SetUp, Self::Passkey, Self::Password];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::SetUp => "set_up",
            Self::Passkey => "passkey",
            Self::Password => "password",
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
}

/// What is still to come; `None` when all was done. A right code stands for nothing before the
/// password, because only a password or a passkey begins a sign-in.
pub(super) fn still_owed(standing: Standing) -> Option<Stage> {
    let is_proved = standing.gave.is_both_factors();
    if standing.has_factor && standing.gave.is_first_factor_alone() {
        Some(Stage::Code)
    } else if standing.role_needs_factor && !standing.has_factor && !is_proved {
        // Or whoever learned the password could set up a factor of their own.
        Some(if standing.has_passkey {
            Stage::Passkey
        } else {
            Stage::SetUp
        })
    } else if standing.password_is_old {
        Some(Stage::Password)
    } else {
        None
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
            for number in 0..16_usize {
                let flag = |bit: usize| all[number >> bit & 1];
                let standing = Standing {
                    has_factor: flag(0),
                    has_passkey: flag(1),
                    gave,
                    role_needs_factor: flag(2),
                    password_is_old: flag(3),
                };
                let owed = still_owed(standing);
                let is_strong =
                    gave.is_both_factors() || (standing.has_factor && gave == Gave::Factor);
                let wants_more = standing.has_factor || standing.role_needs_factor;
                let done = (is_strong || !wants_more) && !standing.password_is_old;
                assert_eq!(owed.is_none(), done, "{standing:?}");
                match owed {
                    Some(Stage::Code) => {
                        assert!(standing.has_factor && gave.is_first_factor_alone());
                    }
                    Some(Stage::SetUp) => assert!(!standing.has_factor && !standing.has_passkey),
                    Some(Stage::Passkey) => assert!(standing.has_passkey && !is_strong),
                    Some(Stage::Password) => assert!(!standing.has_factor || is_strong),
                    None => {}
                }
            }
        }
    }
}
