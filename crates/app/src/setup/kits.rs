//! Starter kits: what most organizations of a kind begin with. What is called how stands in the
//! texts (`kit-<code>`, `kit-<code>-service`, `kit-<code>-place`).

use jiff::civil::Weekday;

/// A kind of organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kit {
    /// A practice or clinic.
    Clinic,
    /// Advice at a university or an office.
    Advising,
    /// A salon.
    Salon,
    /// A city's office.
    CityOffice,
    /// Service at the customer's place.
    FieldService,
}

/// Days and minutes of the day.
#[derive(Debug, Clone, Copy)]
pub struct Weekly {
    /// First and last day.
    pub days: (Weekday, Weekday),
    /// From and until which minute.
    pub hours: (u16, u16),
}

impl Kit {
    /// Every kit, in the order shown.
    pub const ALL: [Self; 5] = [
        Self::Clinic,
        Self::Advising,
        Self::Salon,
        Self::CityOffice,
        Self::FieldService,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Clinic => "clinic",
            Self::Advising => "advising",
            Self::Salon => "salon",
            Self::CityOffice => "city-office",
            Self::FieldService => "field-service",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kit| kit.code() == code)
    }

    /// How long its first service takes, in minutes.
    #[must_use]
    pub fn length_minutes(self) -> u16 {
        match self {
            Self::Clinic | Self::Advising => 30,
            Self::Salon => 45,
            Self::CityOffice => 15,
            Self::FieldService => 90,
        }
    }

    /// When it is open.
    #[must_use]
    pub fn weekly(self) -> Weekly {
        let (days, hours) = match self {
            Self::Clinic | Self::Advising => ((Weekday::Monday, Weekday::Friday), (540, 1_020)),
            Self::Salon => ((Weekday::Tuesday, Weekday::Saturday), (600, 1_140)),
            Self::CityOffice => ((Weekday::Monday, Weekday::Thursday), (480, 960)),
            Self::FieldService => ((Weekday::Monday, Weekday::Friday), (480, 1_020)),
        };
        Weekly { days, hours }
    }
}
