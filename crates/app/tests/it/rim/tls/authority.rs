//! A certificate authority for one test, and what it issues. No key lies in the repository.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::CertificateDer;

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub root: CertificateDer<'static>,
    pub root_pem: String,
}

/// A certificate and its key.
pub struct Issued {
    pub der: CertificateDer<'static>,
    pub chain: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "An authority of a test");
        let key = KeyPair::generate().expect("a key");
        let root = params.self_signed(&key).expect("a certificate");
        Self {
            root: root.der().clone(),
            root_pem: root.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate for one name or address, which holds for long.
    pub fn issue(&self, name: &str) -> Issued {
        self.issue_until(name, 2_120)
    }

    /// The same, until the beginning of a year.
    pub fn issue_until(&self, name: &str, year: i32) -> Issued {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2_020, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let issued = params.signed_by(&key, &self.issuer).expect("a certificate");
        Issued {
            der: issued.der().clone(),
            chain: issued.pem() + &self.root_pem,
            key: key.serialize_pem(),
        }
    }
}

impl Issued {
    /// As `chain.pem` and `key.pem`, the latter for its owner only.
    pub fn write(&self, folder: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        let key = folder.join("key.pem");
        std::fs::write(folder.join("chain.pem"), &self.chain).expect("the folder is ours");
        std::fs::write(&key, &self.key).expect("the folder is ours");
        let closed = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&key, closed).expect("the file is ours");
    }
}
