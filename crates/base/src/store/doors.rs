//! Wrong tries at the doors, and how fast is asked, counted for all processes: by name, of which a keyed hash
//! is kept.

use jiff::Timestamp;

use super::{Error, Store};
use crate::kit::time::plus_minutes;

impl Store {
    fn stretch(&self, minutes: i64) -> (Timestamp, Timestamp) {
        let now = self.shared.clock.now();
        (plus_minutes(now, -minutes), now)
    }

    /// How many failures of each name there were in the last `minutes`.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn door_failures(&self, names: Vec<String>, minutes: i64) -> Result<Vec<u32>, Error> {
        let stretch = self.stretch(minutes);
        self.with_control(move |control| control.door_failures(&names, stretch))
            .await
    }

    /// Counts one more failure of each name, durably; counts without one in the last `minutes` go.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn add_door_failure(&self, names: Vec<String>, minutes: i64) -> Result<(), Error> {
        let stretch = self.stretch(minutes);
        self.with_control(move |control| control.add_door_failure(&names, stretch))
            .await
    }

    /// Takes so much more of that minute, since 1970, for a name; tells how much of it is taken then.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn add_to_pace(&self, name: String, minute: i64, taken: u32) -> Result<u32, Error> {
        self.with_control(move |control| control.add_to_pace(&name, minute, taken))
            .await
    }

    /// Forgets the failures of a name.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn forget_door_failures(&self, name: String) -> Result<(), Error> {
        self.with_control(move |control| control.forget_door_failures(&name))
            .await
    }
}
