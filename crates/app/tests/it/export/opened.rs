//! A package as any program for age and ZIP opens it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Its files by name.
#[derive(Clone)]
pub struct Opened(pub BTreeMap<String, Vec<u8>>);

impl Opened {
    pub fn new(bytes: &[u8], identity: &age::x25519::Identity) -> Self {
        let opened = age::Decryptor::new(bytes).expect("is an age file");
        let opened = opened.decrypt(std::iter::once(identity as &dyn age::Identity));
        let mut plain = Vec::new();
        (opened.expect("opens").read_to_end(&mut plain)).expect("is whole");
        let mut zip = zip::ZipArchive::new(Cursor::new(plain)).expect("is a ZIP");
        let mut files = BTreeMap::new();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("is whole");
            let name = file.name().expect("a name").into_owned();
            let twice = files.insert(name.clone(), bytes);
            assert!(twice.is_none(), "{name} is there twice");
        }
        Self(files)
    }

    /// Packed and locked again.
    pub fn packed(&self, recipient: &age::x25519::Recipient) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.0 {
            zip.start_file(name, SimpleFileOptions::default())
                .expect("begins");
            zip.write_all(bytes).expect("is written");
        }
        let plain = zip.finish().expect("ends").into_inner();
        age::encrypt(recipient, &plain).expect("is locked")
    }

    pub fn text(&self, name: &str) -> &str {
        let bytes = self.0.get(name).unwrap_or_else(|| panic!("no {name}"));
        std::str::from_utf8(bytes).expect("text")
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> Vec<Value> {
        let text = self.text(&format!("json/{table}.ndjson"));
        (text.lines().map(serde_json::from_str))
            .collect::<Result<_, _>>()
            .expect("rows")
    }

    /// Pictures.
    pub fn files(&self) -> Vec<(&String, &Vec<u8>)> {
        let files = self.0.iter();
        files
            .filter(|(name, _)| name.starts_with("files/"))
            .collect()
    }

    /// Whether a text stands in any of the files.
    pub fn holds(&self, text: &str) -> bool {
        let in_bytes = |bytes: &Vec<u8>| {
            let mut parts = bytes.windows(text.len());
            parts.any(|part| part == text.as_bytes())
        };
        self.0.values().any(in_bytes)
    }
}
