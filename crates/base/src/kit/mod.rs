//! Small value types shared by all slices. Nothing here does I/O except [`clock::SystemClock`]
//! and [`entropy::Entropy::from_system`], the two places where the outside world enters.

pub mod actor;
pub mod clock;
pub mod entropy;
pub mod id;
pub mod money;
pub mod personal;
pub mod record;
pub mod secret;
pub mod time;

pub use actor::{Actor, ActorKind};
pub use clock::{Clock, ManualClock, SystemClock};
pub use entropy::Entropy;
pub use id::{IdError, JobId, OperatorActId, OperatorId, OperatorSessionId, OrganizationId};
pub use money::{Currency, Money};
pub use personal::{Email, Note, PersonName, Phone};
pub use secret::{Secret, Token, TokenHash};
