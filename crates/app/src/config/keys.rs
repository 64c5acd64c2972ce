//! The table of keys.

pub use super::key::Key;

macro_rules! keys {
    ($($const:ident = $key:expr;)+) => {
        $(pub(super) const $const: &Key = &$key;)+

        /// Every key, section by section.
        pub const KEYS: &[&Key] = &[$($const),+];
    };
}

keys! {
    LISTEN = Key::new(
        "server.listen",
        "127.0.0.1:8080",
        "an address and a port, such as 127.0.0.1:8080 or [::]:8080",
        "Where the server listens: with TLS when [tls] says how, otherwise put a proxy with TLS in front of it.",
    );
    BASE_URL = Key::new(
        "server.base_url",
        "http:// and where it listens, https:// with TLS",
        "how people reach it, such as https://book.example.org, without a path",
        "What links in pages, mails and answers begin with. Passkeys belong to its host and are lost with it.",
    );
    PLAIN_LISTEN = Key::new(
        "server.plain_listen",
        "none: plain HTTP is not answered beside TLS",
        "an address and a port, such as [::]:80",
        "Where plain HTTP is answered beside TLS: pages are sent on to server.base_url, the API is refused.",
    );
    TRUSTED_PROXIES = Key::new(
        "server.trusted_proxies",
        "none: the client is whoever connects",
        "addresses and networks with commas between them, such as 127.0.0.1, 10.1.0.0/16, fd00::/8; at most 64",
        "The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. What others say there is ignored.",
    );
    ADDRESS_REQUESTS = Key::new(
        "server.address_requests",
        "6000",
        "a number of requests from 600 to 1000000",
        "How often one address may ask within a minute, without a token that is known. What changes something \
         counts as ten. Raise it where more people share one address.",
    );
    OPERATOR_FACTOR = Key::new(
        "server.operator_factor",
        "required",
        "required or optional",
        "Whether the operator's pages open only with a second factor. Who has none sets one up first.",
    );
    HSTS_PRELOAD = Key::new(
        "server.hsts_preload",
        "false",
        "true or false",
        "Whether browsers may be delivered with the rule to reach this host and all below it by TLS \
         only. It takes months to be taken back.",
    );
    CERTIFICATE_FILE = Key::new(
        "tls.certificate_file",
        "none: Kept speaks no TLS, unless it has tls.domains",
        "the path of a PEM file: the server's certificate, then those that vouch for it",
        "The certificate that is shown. It is read again when it changes, without a restart.",
    );
    KEY_FILE = Key::new(
        "tls.key_file",
        "none; needed with tls.certificate_file",
        "the path of a PEM file of mode 0600",
        "The key of that certificate, without a passphrase.",
    );
    DOMAINS = Key::new(
        "tls.domains",
        "none: no certificates are ordered",
        "names with commas between them, such as book.example.org; at most 20",
        "The names that a certificate is ordered and renewed for, by ACME. Needs server.plain_listen, \
         which the certificate authority must reach by port 80 of each name.",
    );
    ACME_CONTACT = Key::new(
        "tls.acme_contact",
        "none",
        "a mail address",
        "Whom the certificate authority may write to.",
    );
    ACME_DIRECTORY = Key::new(
        "tls.acme_directory",
        "https://acme-v02.api.letsencrypt.org/directory",
        "the https address of an ACME directory",
        "The certificate authority that makes the certificates.",
    );
    ACME_TERMS_AGREED = Key::new(
        "tls.acme_terms_agreed",
        "false",
        "true once you have read and accepted the terms of the certificate authority",
        "Whether you agree to its terms; needed with tls.domains.",
    );
    ACME_CA_FILE = Key::new(
        "tls.acme_ca_file",
        "none",
        "the path of a PEM file",
        "A certificate authority to trust for tls.acme_directory, beside the system's: for one of your own.",
    );
    OUTGOING_ALLOW = Key::new(
        "outgoing.allow",
        "none: only public addresses are asked, by https",
        "addresses and networks with commas between them, such as 10.1.0.7, fd00::/8; at most 64",
        "Private networks in which providers of single sign-on may be asked, without TLS too. Whoever sets up \
         such a provider for an organization can have Kept connect there.",
    );
    OUTGOING_CA_FILE = Key::new(
        "outgoing.ca_file",
        "none",
        "the path of a PEM file",
        "A certificate authority to trust for providers of single sign-on, beside the system's.",
    );
    FOLDER = Key::new(
        "data.folder",
        "kept-data",
        "a path; a relative one begins at the folder of the settings file",
        "The folder of the encrypted databases; made at first start. Only its owner may read it (mode 0700).",
    );
    ROOT_KEY_FILE = Key::new(
        "data.root_key_file",
        "kept-root.key",
        "a path outside the data folder",
        "The file with the root key; made at first start. Without it the data cannot be read again: \
         keep a copy, apart from the data's. Only its owner may read it (mode 0600).",
    );
    ROOT_KEY_COMMAND = Key::new(
        "data.root_key_command",
        "none: the root key is in data.root_key_file",
        "a program and its arguments, separated by spaces, such as /usr/local/bin/kept-root-key",
        "The program that prints the root key, 64 hexadecimal digits, as a vault's does; it has 30 seconds. \
         No shell is asked. Then data.root_key_file is not used.",
    );
    POSTGRES = Key {
        is_secret: true,
        ..Key::new(
            "data.postgres",
            "none: the databases are files in data.folder",
            "postgres://user:password@host/database, or better data.postgres_file",
            "The PostgreSQL database that has the data instead of files. Several processes may serve it \
             at once, each with the same root key.",
        )
    };
    POSTGRES_FILE = Key::new(
        "data.postgres_file",
        "none",
        "the path of a file of mode 0600 with the connection string in it",
        "Where data.postgres is read from.",
    );
    POSTGRES_CONNECTIONS = Key::new(
        "data.postgres_connections",
        "16",
        "a number from 1 to 500",
        "Most connections of this process to the PostgreSQL server.",
    );
    BACKUP_FOLDER = Key::new(
        "backup.folder",
        "none: no backups are made",
        "the path of a folder, better on another disk or machine than the data",
        "Where backups go; made at the first one. Erasures are logged there too, so that a restored \
         copy forgets again whom it must.",
    );
    RECIPIENT = Key::new(
        "backup.recipient",
        "none; needed with backup.folder",
        "an age recipient, such as age1.., as kept keys identity prints it",
        "Whom backups are encrypted to. Only its identity opens them, which is needed to restore and \
         is kept elsewhere; the server need not have it.",
    );
    IDENTITY_FILE = Key::new(
        "backup.identity_file",
        "none: drills are run by hand, with --identity",
        "the path of a file of mode 0600 with an age identity in it",
        "The identity that opens backups. With it restoring is tried by itself, as often as \
         backup.drill_every_days says.",
    );
    EVERY_HOURS = Key::new(
        "backup.every_hours",
        "24",
        "a number of hours from 1 to 744",
        "How often the data is backed up.",
    );
    KEEP_DAYS = Key::new(
        "backup.keep_days",
        "35",
        "a number of days from 1 to 3660",
        "How long a backup of the data is kept.",
    );
    KEYS_EVERY_HOURS = Key::new(
        "backup.keys_every_hours",
        "1",
        "a number of hours from 1 to 168",
        "How often the keys of people are backed up. Whoever was recorded after the last of these \
         backups is lost with the disk.",
    );
    KEYS_KEEP_DAYS = Key::new(
        "backup.keys_keep_days",
        "7",
        "a number of days from 1 to 90",
        "How long a backup of keys is kept: so many days after an erasure nobody can undo it, whatever \
         backups of the data there are.",
    );
    DRILL_EVERY_DAYS = Key::new(
        "backup.drill_every_days",
        "30",
        "a number of days from 1 to 366",
        "How often restoring is tried by itself, with backup.identity_file.",
    );
    TRANSPORT = Key::new(
        "mail.transport",
        "off",
        "smtp or off",
        "How messages leave. With off nothing is sent, now or later.",
    );
    HOST = Key::new(
        "mail.host",
        "none; needed for smtp",
        "the mail server's name, such as mail.example.org",
        "The mail server that takes the messages.",
    );
    PORT = Key::new(
        "mail.port",
        "587 for starttls, 465 for implicit, 25 for none",
        "a number from 1 to 65535",
        "The mail server's port.",
    );
    MAIL_TLS = Key::new(
        "mail.tls",
        "starttls",
        "starttls, implicit or none",
        "How the connection to the mail server is encrypted. With starttls a server that does not \
         offer it gets nothing.",
    );
    CA_FILE = Key::new(
        "mail.ca_file",
        "none",
        "the path of a PEM file",
        "A certificate authority to trust for the mail server, beside the system's.",
    );
    USER = Key::new(
        "mail.user",
        "none",
        "the user that the mail server knows",
        "Who we are to the mail server, if it asks.",
    );
    PASSWORD = Key {
        is_secret: true,
        ..Key::new(
            "mail.password",
            "none",
            "the password, or better mail.password_file",
            "The password of mail.user.",
        )
    };
    PASSWORD_FILE = Key::new(
        "mail.password_file",
        "none",
        "the path of a file of mode 0600 with the password in it",
        "Where the password of mail.user is read from.",
    );
    TIMEOUT_SECONDS = Key::new(
        "mail.timeout_seconds",
        "30",
        "a number of seconds from 1 to 120",
        "How long to wait for each answer of the mail server.",
    );
    GROUP_COMMIT = Key::new(
        "store.group_commit",
        "true",
        "true or false",
        "Many transactions in one commit to the disk. Off only to measure what it brings.",
    );
    FORMAT = Key::new(
        "log.format",
        "json",
        "json or text",
        "How the lines on standard error look.",
    );
    LEVEL = Key::new(
        "log.level",
        "info",
        "error, warn, info or debug",
        "The least severe that is logged. info has one line per request.",
    );
}

/// The keys of the section that `name` is in, for whoever mistyped one.
pub(super) fn section_of(name: &str) -> String {
    let section = name.split_once('.').map_or(name, |(section, _)| section);
    let keys: Vec<&str> = KEYS
        .iter()
        .filter_map(|key| key.name.strip_prefix(section)?.strip_prefix('.'))
        .collect();
    if keys.is_empty() {
        "the sections are server, tls, outgoing, data, backup, mail, store and log".to_owned()
    } else {
        format!("[{section}] has {}", keys.join(", "))
    }
}
