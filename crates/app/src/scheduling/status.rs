//! The states of an appointment, and which may follow which.

/// The states of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is kept, but somebody has yet to agree to it.
    Awaiting,
    /// It stands.
    Confirmed,
    /// The person is here.
    Arrived,
    /// The person is being served.
    InProgress,
    /// It took place.
    Done,
    /// The person did not come.
    NoShow,
    /// It was cancelled.
    Canceled,
}

impl Status {
    /// Every status, in the order in which an appointment passes them.
    pub const ALL: [Self; 7] = [
        Self::Awaiting,
        Self::Confirmed,
        Self::Arrived,
        Self::InProgress,
        Self::Done,
        Self::NoShow,
        Self::Canceled,
    ];

    /// The stable code, as stored and in the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Canceled => "canceled",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether its time is taken: that of a cancelled appointment is free, and so is what is left
    /// of one to which nobody came.
    #[must_use]
    pub fn takes_time(self) -> bool {
        !matches!(self, Self::NoShow | Self::Canceled)
    }

    /// Whether it is still to take place.
    #[must_use]
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::Awaiting | Self::Confirmed | Self::Arrived)
    }

    /// What may follow: forwards as the visit goes, and back where a click was wrong.
    #[must_use]
    pub fn followers(self) -> &'static [Self] {
        match self {
            Self::Awaiting => &[Self::Confirmed, Self::Arrived, Self::NoShow, Self::Canceled],
            Self::Confirmed => &[
                Self::Arrived,
                Self::InProgress,
                Self::Done,
                Self::NoShow,
                Self::Awaiting,
                Self::Canceled,
            ],
            Self::Arrived => &[
                Self::InProgress,
                Self::Done,
                Self::NoShow,
                Self::Confirmed,
                Self::Canceled,
            ],
            Self::InProgress => &[Self::Done, Self::Arrived],
            Self::Done => &[Self::Arrived, Self::InProgress, Self::NoShow],
            Self::NoShow => &[Self::Confirmed, Self::Arrived, Self::Done],
            Self::Canceled => &[Self::Confirmed],
        }
    }

    /// Whether `to` may follow.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self.followers().contains(&to)
    }

    /// Whether it says something about a visit that has not begun yet: nobody can have failed to
    /// come, or be done, before it was time.
    #[must_use]
    pub fn needs_start(self) -> bool {
        matches!(self, Self::NoShow | Self::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_nothing_follows_itself() {
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(status));
            assert!(!status.may_become(status), "{}", status.code());
        }
        assert_eq!(Status::from_code("gone"), None);
    }

    #[test]
    fn the_table_of_changes() {
        let table: Vec<String> = Status::ALL
            .into_iter()
            .map(|from| {
                let to: Vec<_> = from.followers().iter().map(|to| to.code()).collect();
                format!("{} -> {}", from.code(), to.join(" "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        awaiting -> confirmed arrived no_show canceled
        confirmed -> arrived in_progress done no_show awaiting canceled
        arrived -> in_progress done no_show confirmed canceled
        in_progress -> done arrived
        done -> arrived in_progress no_show
        no_show -> confirmed arrived done
        canceled -> confirmed
        ");
    }

    #[test]
    fn whatever_can_be_reached_can_be_left() {
        for status in Status::ALL {
            assert!(!status.followers().is_empty());
            assert!(Status::ALL.iter().any(|from| from.may_become(status)));
        }
    }
}
