//! Looks at a JSON text before anything is built from it: is it well formed, not too deep, and
//! free of duplicate keys (on which parsers disagree: RFC 8259, section 4)?

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::decode::{push_index, push_key};
use crate::problem::Problem;

/// Deepest nesting of arrays and objects.
pub const MAX_JSON_DEPTH: usize = 16;

/// Accepts `bytes` or says what is wrong with them.
pub(super) fn check(bytes: &[u8]) -> Result<(), Problem> {
    let mut walk = Walk {
        pointer: String::new(),
        refused: None,
    };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let outcome = Step {
        walk: &mut walk,
        depth: 0,
    }
    .deserialize(&mut deserializer)
    .and_then(|()| deserializer.end());
    let Err(error) = outcome else {
        return Ok(());
    };
    let problem = Problem::malformed_json();
    Err(match walk.refused {
        Some(Refused::DuplicateKey) => {
            problem.field(walk.pointer, "duplicate_key", "Give each key once.")
        }
        Some(Refused::TooDeep) => problem.field(
            walk.pointer,
            "too_deep",
            format!("At most {MAX_JSON_DEPTH} levels of arrays and objects are read."),
        ),
        None => problem.detail(format!(
            "It breaks off or goes wrong at line {}, column {}.",
            error.line(),
            error.column()
        )),
    })
}

enum Refused {
    DuplicateKey,
    TooDeep,
}

/// Where the walk is, and why it ended early.
struct Walk {
    pointer: String,
    refused: Option<Refused>,
}

struct Step<'w> {
    walk: &'w mut Walk,
    depth: usize,
}

impl Step<'_> {
    fn refuse<E: Error>(&mut self, refused: Refused) -> E {
        self.walk.refused = Some(refused);
        E::custom("refused")
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > MAX_JSON_DEPTH {
            return Err(self.refuse(Refused::TooDeep));
        }
        Ok(())
    }

    fn inner(&mut self) -> Step<'_> {
        Step {
            walk: self.walk,
            depth: self.depth,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Step<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Step<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.enter()?;
        let here = self.walk.pointer.len();
        let mut index = 0;
        loop {
            push_index(&mut self.walk.pointer, index);
            if items.next_element_seed(self.inner())?.is_none() {
                break;
            }
            self.walk.pointer.truncate(here);
            index += 1;
        }
        self.walk.pointer.truncate(here);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        self.enter()?;
        let here = self.walk.pointer.len();
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            push_key(&mut self.walk.pointer, &key);
            if !seen.insert(key) {
                return Err(self.refuse(Refused::DuplicateKey));
            }
            entries.next_value_seed(self.inner())?;
            self.walk.pointer.truncate(here);
        }
        Ok(())
    }
}
