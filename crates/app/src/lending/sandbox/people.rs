//! Invented customers. Their addresses end in names that RFC 2606 keeps for examples, their
//! telephone numbers lie in ranges that the regulators keep for fiction.

use kept_base::kit::{Email, PersonName, Phone};

use super::chance::Chance;
use crate::people::NewPerson;

/// Given name, family name, and how both are written in an address.
const NAMES: &[(&str, &str, &str)] = &[
    ("Ayşe", "Demir", "ayse.demir"),
    ("Nguyễn Minh", "Anh", "minh.anh"),
    ("Kwame", "Mensah", "kwame.mensah"),
    ("Ingrid", "Solheim", "ingrid.solheim"),
    ("Rosa", "Delgado", "rosa.delgado"),
    ("Hiroshi", "Tanaka", "hiroshi.tanaka"),
    ("Leïla", "Benali", "leila.benali"),
    ("Piotr", "Wójcik", "piotr.wojcik"),
    ("Anneliese", "Krüger", "anneliese.krueger"),
    ("Samuel", "Oyelaran", "samuel.oyelaran"),
    ("Meera", "Krishnan", "meera.krishnan"),
    ("Tomáš", "Novotný", "tomas.novotny"),
    ("Zeynep", "Aksoy", "zeynep.aksoy"),
    ("Carlos", "Figueiredo", "carlos.figueiredo"),
    ("Sofia", "Papadopoulou", "sofia.papadopoulou"),
    ("Giulia", "Ferrante", "giulia.ferrante"),
    ("Yusuf", "Hassan", "yusuf.hassan"),
    ("Aroha", "Ngata", "aroha.ngata"),
    ("Björn", "Sigurðsson", "bjorn.sigurdsson"),
    ("Chiamaka", "Eze", "chiamaka.eze"),
    ("Darya", "Kovalenko", "darya.kovalenko"),
    ("Elif", "Şahin", "elif.sahin"),
    ("Farhad", "Rostami", "farhad.rostami"),
    ("Greta", "Lindner", "greta.lindner"),
    ("Hana", "Kim", "hana.kim"),
    ("Ibrahim", "Diallo", "ibrahim.diallo"),
    ("Jana", "Hoffmann", "jana.hoffmann"),
    ("Karim", "El-Sayed", "karim.el-sayed"),
    ("Lena", "Petersen", "lena.petersen"),
    ("Mateus", "Ribeiro", "mateus.ribeiro"),
    ("Noor", "Haddad", "noor.haddad"),
    ("Oskar", "Wiśniewski", "oskar.wisniewski"),
    ("Paula", "Schreiber", "paula.schreiber"),
    ("Qiang", "Liu", "qiang.liu"),
    ("Rania", "Khoury", "rania.khoury"),
    ("Siobhán", "Byrne", "siobhan.byrne"),
    ("Thandiwe", "Dlamini", "thandiwe.dlamini"),
    ("Uwe", "Zimmermann", "uwe.zimmermann"),
    ("Valentina", "Rojas", "valentina.rojas"),
    ("Wiebke", "Janssen", "wiebke.janssen"),
    ("Ximena", "Morales", "ximena.morales"),
    ("Yael", "Rosenthal", "yael.rosenthal"),
    ("Zoltán", "Horváth", "zoltan.horvath"),
    ("Anjali", "Sharma", "anjali.sharma"),
    ("Bence", "Szabó", "bence.szabo"),
    ("Clara", "Neumann", "clara.neumann"),
    ("Dmitri", "Volkov", "dmitri.volkov"),
    ("Esther", "Goldmann", "esther.goldmann"),
    ("Fatoumata", "Traoré", "fatoumata.traore"),
    ("Günter", "Baumann", "guenter.baumann"),
    ("Helena", "Marković", "helena.markovic"),
    ("Ines", "Carvalho", "ines.carvalho"),
    ("Jamal", "Robinson", "jamal.robinson"),
    ("Katharina", "Vogel", "katharina.vogel"),
    ("Luca", "Bianchi", "luca.bianchi"),
    ("Marisol", "Quispe", "marisol.quispe"),
    ("Nikolaos", "Dimitriou", "nikolaos.dimitriou"),
    ("Olena", "Shevchuk", "olena.shevchuk"),
    ("Priit", "Tamm", "priit.tamm"),
    ("Ruth", "Abebe", "ruth.abebe"),
    ("Sanjay", "Patel", "sanjay.patel"),
    ("Tuuli", "Virtanen", "tuuli.virtanen"),
    ("Umut", "Yılmaz", "umut.yilmaz"),
    ("Vera", "Popescu", "vera.popescu"),
    ("Wanjiru", "Kamau", "wanjiru.kamau"),
    ("Yuki", "Watanabe", "yuki.watanabe"),
    ("Zahra", "Ahmadi", "zahra.ahmadi"),
    ("Alejandro", "Vidal", "alejandro.vidal"),
    ("Birgit", "Sommer", "birgit.sommer"),
    ("Chloé", "Lefebvre", "chloe.lefebvre"),
];

/// Family names that make more people of the same given names.
const OTHER_FAMILIES: &[(&str, &str)] = &[
    ("Adler", "adler"),
    ("Costa", "costa"),
    ("Fischer", "fischer"),
    ("Ivanova", "ivanova"),
    ("Okoro", "okoro"),
];

/// Ends of addresses that RFC 2606 keeps for examples.
pub const EXAMPLES: &[&str] = &["example.org", "mail.example", "post.example"];

/// Where an organization's customers live, for language, zone and telephone number.
pub struct Region<'a> {
    /// Their zone.
    pub zone: &'a str,
    /// Their languages.
    pub locales: &'a [&'a str],
    /// What their addresses end in.
    pub domains: &'a [&'a str],
    /// The start of a number kept for fiction, and the range of its last three digits.
    pub phone: (&'a str, i64, i64),
}

/// `count` different people, at most six for each given name.
#[must_use]
pub fn invent(count: usize, region: &Region<'_>, chance: &Chance) -> Vec<NewPerson> {
    (0..count)
        .filter_map(|index| {
            let (given, family, address) = NAMES[index % NAMES.len()];
            let (family, address) = match index / NAMES.len() {
                0 => (family, address.to_owned()),
                round => {
                    let (other, ascii) = OTHER_FAMILIES.get(round - 1)?;
                    let given = address.split('.').next().unwrap_or(address);
                    (*other, format!("{given}.{ascii}"))
                }
            };
            person(&format!("{given} {family}"), &address, region, chance)
        })
        .collect()
}

/// The name of somebody invented, of whoever is the `number`th.
pub(super) fn name_of(chance: &Chance, number: usize) -> String {
    let (given, family, _) = NAMES[number % NAMES.len()];
    match number / NAMES.len() {
        0 => format!("{given} {family}"),
        _ => format!("{given} {}", chance.one(OTHER_FAMILIES).0),
    }
}

fn person(name: &str, address: &str, region: &Region<'_>, chance: &Chance) -> Option<NewPerson> {
    let domain = chance.one(region.domains);
    let (start, from, to) = region.phone;
    let phone = Phone::parse(&format!("{start}{:03}", chance.between(from, to)));
    Some(NewPerson {
        name: PersonName::parse(name).ok()?,
        email: Some(Email::parse(&format!("{address}@{domain}")).ok()?),
        phone: phone.ok().filter(|_| chance.percent(60)),
        zone: region.zone.to_owned(),
        locale: (*chance.one(region.locales)).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_invented_has_a_name_and_an_address_of_their_own() {
        let region = Region {
            zone: "Europe/Berlin",
            locales: &["de", "en"],
            domains: EXAMPLES,
            phone: ("+493023125", 0, 1_000),
        };
        let people = invent(NAMES.len() * 6, &region, &Chance::new(1));
        let mut seen: Vec<_> = people
            .iter()
            .map(|p| p.email.as_ref()?.expose().split('@').next())
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(
            (people.len(), seen.len()),
            (NAMES.len() * 6, NAMES.len() * 6)
        );
        let named = |p: &&NewPerson| p.phone.is_some();
        assert!(people.iter().any(|p| p.phone.is_none()) && people.iter().any(|p| named(&p)));
    }
}
