use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use kept_base::kit::time::plus_minutes;
use kept_base::page::color::Rgb;
use kept_base::page::own::OwnWords;
use kept_base::page::{Locale, Noun};
use kept_base::params;
use kept_base::store::{Error, Row, Tx};
use sha2::{Digest as _, Sha256};

use super::{Change, FootLink, Logo, OwnLook, Picture, PictureKind, Texts};

pub(super) fn load(tx: &Tx<'_>) -> Result<OwnLook, Error> {
    let found = tx.query_opt(
        "select color, logo_hash, languages, origins from look",
        &[],
        |row| {
            Ok((
                row.get::<Option<String>>(0)?,
                row.get::<Option<String>>(1)?,
                row.get::<String>(2)?,
                row.get::<String>(3)?,
            ))
        },
    )?;
    let (color, logo, languages, origins) = found.unwrap_or_default();
    Ok(OwnLook {
        color: color.and_then(|color| color.parse::<Rgb>().ok()),
        logo: match logo {
            Some(hash) => find_logo(tx, &hash)?,
            None => None,
        },
        languages: languages
            .split_whitespace()
            .filter_map(Locale::from_tag)
            .collect(),
        words: words(tx)?,
        texts: texts(tx)?,
        links: links(tx)?,
        origins: origins.split_whitespace().map(str::to_owned).collect(),
    })
}

fn words(tx: &Tx<'_>) -> Result<OwnWords, Error> {
    let rows = tx.query(
        "select locale, noun, one, many from look_word",
        &[],
        |row| {
            let noun = Noun {
                one: row.get(2)?,
                many: row.get(3)?,
            };
            Ok((locale(row)?, row.get::<String>(1)?, noun))
        },
    )?;
    let mut words = OwnWords::default();
    for (locale, name, noun) in rows {
        words.0.entry(locale).or_default().insert(name, noun);
    }
    Ok(words)
}

fn texts(tx: &Tx<'_>) -> Result<BTreeMap<Locale, Texts>, Error> {
    let rows = tx.query("select locale, welcome, done from look_text", &[], |row| {
        let texts = Texts {
            welcome: row.get(1)?,
            done: row.get(2)?,
        };
        Ok((locale(row)?, texts))
    })?;
    Ok(rows.into_iter().collect())
}

fn links(tx: &Tx<'_>) -> Result<BTreeMap<Locale, Vec<FootLink>>, Error> {
    let rows = tx.query(
        "select locale, label, url from look_link order by locale, position",
        &[],
        |row| {
            let link = FootLink {
                label: row.get(1)?,
                url: row.get(2)?,
            };
            Ok((locale(row)?, link))
        },
    )?;
    let mut links: BTreeMap<Locale, Vec<FootLink>> = BTreeMap::new();
    for (locale, link) in rows {
        links.entry(locale).or_default().push(link);
    }
    Ok(links)
}

fn locale(row: &Row<'_>) -> Result<Locale, Error> {
    Locale::from_tag(row.borrow(0)?).ok_or(Error::Decode("language"))
}

pub(super) fn put(tx: &Tx<'_>, change: &Change) -> Result<(), Error> {
    match change {
        Change::Color(color) => {
            let color = color.map(|color| color.to_string());
            put_setting(tx, "update look set color = $1, changed_at = $2", color)
        }
        Change::Logo(logo) => {
            let hash = logo.as_ref().map(|logo| logo.hash.clone());
            put_setting(tx, "update look set logo_hash = $1, changed_at = $2", hash)
        }
        Change::Languages(languages) => {
            let tags: Vec<&str> = languages.iter().map(|locale| locale.tag()).collect();
            put_setting(
                tx,
                "update look set languages = $1, changed_at = $2",
                Some(tags.join(" ")),
            )
        }
        Change::Origins(origins) => {
            let origins = Some(origins.join(" "));
            put_setting(tx, "update look set origins = $1, changed_at = $2", origins)
        }
        Change::Words(locale, nouns) => put_words(tx, *locale, nouns),
        Change::Texts(locale, texts, links) => {
            put_texts(tx, *locale, texts)?;
            put_links(tx, *locale, links)
        }
    }
}

/// The one row of settings is there from the first change on.
fn put_setting(tx: &Tx<'_>, update: &str, value: Option<String>) -> Result<(), Error> {
    tx.execute(
        "insert into look (organization_id, languages, origins, changed_at)
         values ($1, '', '', $2) on conflict (organization_id) do nothing",
        params![tx.organization(), tx.now()],
    )?;
    tx.execute(update, params![value, tx.now()])?;
    Ok(())
}

fn put_words(tx: &Tx<'_>, locale: Locale, nouns: &BTreeMap<String, Noun>) -> Result<(), Error> {
    tx.execute(
        "delete from look_word where locale = $1",
        params![locale.tag()],
    )?;
    for (name, noun) in nouns {
        tx.execute(
            "insert into look_word (locale, noun, one, many) values ($1, $2, $3, $4)",
            params![locale.tag(), name, noun.one, noun.many],
        )?;
    }
    Ok(())
}

fn put_texts(tx: &Tx<'_>, locale: Locale, texts: &Texts) -> Result<(), Error> {
    tx.execute(
        "insert into look_text (locale, welcome, done) values ($1, $2, $3)
         on conflict (locale) do update set welcome = $2, done = $3",
        params![locale.tag(), texts.welcome, texts.done],
    )?;
    Ok(())
}

fn put_links(tx: &Tx<'_>, locale: Locale, links: &[FootLink]) -> Result<(), Error> {
    tx.execute(
        "delete from look_link where locale = $1",
        params![locale.tag()],
    )?;
    for (position, link) in (0_u32..).zip(links) {
        tx.execute(
            "insert into look_link (locale, position, label, url) values ($1, $2, $3, $4)",
            params![locale.tag(), position, link.label, link.url],
        )?;
    }
    Ok(())
}

pub(super) fn keep_logo(tx: &Tx<'_>, picture: &Picture) -> Result<Logo, Error> {
    let logo = Logo {
        hash: HEXLOWER.encode(&Sha256::digest(&picture.bytes)),
        kind: picture.kind,
        width: picture.width,
        height: picture.height,
    };
    tx.execute(
        "insert into look_logo (hash, kind, width, height, bytes, kept_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (hash) do update set kept_at = $6",
        params![
            logo.hash,
            logo.kind.code(),
            logo.width,
            logo.height,
            picture.bytes,
            tx.now()
        ],
    )?;
    Ok(logo)
}

fn find_logo(tx: &Tx<'_>, hash: &str) -> Result<Option<Logo>, Error> {
    tx.query_opt(
        "select hash, kind, width, height from look_logo where hash = $1",
        params![hash],
        |row| {
            Ok(Logo {
                hash: row.get(0)?,
                kind: PictureKind::from_code(row.borrow(1)?).ok_or(Error::Decode("picture"))?,
                width: row.get(2)?,
                height: row.get(3)?,
            })
        },
    )
}

pub(super) fn logo_bytes(tx: &Tx<'_>, hash: &str) -> Result<Option<Vec<u8>>, Error> {
    tx.query_opt(
        "select bytes from look_logo where hash = $1",
        params![hash],
        |row| row.get(0),
    )
}

/// Removes logos that are no longer shown and that nobody can bring back any more.
pub(super) fn remove_old_logos(tx: &Tx<'_>, hours: i64) -> Result<(), Error> {
    tx.execute(
        "delete from look_logo where kept_at < $1
         and hash not in (select logo_hash from look where logo_hash is not null)",
        params![plus_minutes(tx.now(), -hours * 60)],
    )?;
    Ok(())
}
