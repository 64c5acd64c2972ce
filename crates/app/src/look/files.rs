//! The files that pages load because of their organization's look, under addresses that name their
//! bytes, so that browsers may keep them for good.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{Logo, OwnLook};

/// Bytes of the SHA-256 that stand in an address, as two hex digits each.
const HASH_BYTES: usize = 6;

impl OwnLook {
    /// The stylesheet with the own color, and its name.
    #[must_use]
    pub fn stylesheet(&self) -> Option<(String, String)> {
        let css = self.shades()?.stylesheet();
        let hash = HEXLOWER.encode(&Sha256::digest(css.as_bytes())[..HASH_BYTES]);
        Some((format!("{hash}.css"), css))
    }

    /// Where the stylesheet of the organization `slug` is.
    #[must_use]
    pub fn stylesheet_url(&self, slug: &str) -> Option<String> {
        let (name, _) = self.stylesheet()?;
        Some(format!("/look/{slug}/{name}"))
    }

    /// Where the logo of the organization `slug` is, its width and its height in pixels.
    #[must_use]
    pub fn picture(&self, slug: &str) -> Option<(String, u32, u32)> {
        let logo = self.logo.as_ref()?;
        let url = format!("/look/{slug}/{}", logo.file_name());
        Some((url, logo.width, logo.height))
    }
}

impl Logo {
    /// Its name in addresses.
    #[must_use]
    pub fn file_name(&self) -> String {
        let hash = self.hash.get(..2 * HASH_BYTES).unwrap_or(&self.hash);
        format!("{hash}.{}", self.kind.code())
    }
}
