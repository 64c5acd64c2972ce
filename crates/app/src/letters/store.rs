use kept_base::page::Locale;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::template::{Reader, Template};
use crate::messaging::Kind;

type Which = (Kind, Reader, Locale);

pub(super) fn put_template(
    tx: &Tx<'_>,
    (kind, reader, locale): Which,
    template: &Template,
) -> Result<(), Error> {
    tx.execute(
        "insert into letter_template (kind, audience, locale, subject, body, changed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, audience, locale)
         do update set subject = $4, body = $5, changed_at = $6",
        params![
            kind.code(),
            reader.code(),
            locale.tag(),
            template.subject,
            template.body,
            tx.now()
        ],
    )?;
    Ok(())
}

pub(super) fn delete_template(tx: &Tx<'_>, (kind, reader, locale): Which) -> Result<bool, Error> {
    let deleted = tx.execute(
        "delete from letter_template where kind = $1 and audience = $2 and locale = $3",
        params![kind.code(), reader.code(), locale.tag()],
    )?;
    Ok(deleted == 1)
}

pub(super) fn template(
    tx: &Tx<'_>,
    (kind, reader, locale): Which,
) -> Result<Option<Template>, Error> {
    tx.query_opt(
        "select subject, body from letter_template
         where kind = $1 and audience = $2 and locale = $3",
        params![kind.code(), reader.code(), locale.tag()],
        |row| {
            Ok(Template {
                subject: row.get(0)?,
                body: row.get(1)?,
            })
        },
    )
}
