//! What a scan found, as a table and as sentences.

use std::fmt::Write as _;
use std::time::Duration;

use super::counts::{self, Count};
use super::course::{Course, VERSION};
use super::roles::Role;

/// More answers of a run than so many in a hundred must not say that the token asks too often: a scan
/// of refusals is none.
const MOST_PACED_PERCENT: u32 = 5;
/// The code of such an answer; SCIM has none for it.
const PACED: [&str; 2] = ["too_many_requests", "-"];

/// Everything that was found wrong, in sentences; empty when all is well.
pub fn findings(courses: &[Course]) -> Vec<String> {
    let mut found = Vec::new();
    for course in courses {
        let name = format!("{}, seed {}", course.role.code, course.seed);
        if !course.passed {
            let log = course.log.display();
            found.push(format!("{name}: a check failed: {log}"));
        }
        let failed = counts::sum(&course.counts, |count| count.status >= 500);
        if failed > 0 {
            found.push(format!("{name}: {failed} answers say that Kept failed"));
        }
        for stray in counts::strays(course.role, &course.counts) {
            found.push(format!("{name}: {stray}, which this role may not"));
        }
        let all = counts::sum(&course.counts, |_| true);
        let paced = paced(&course.counts);
        if paced * 100 > all * MOST_PACED_PERCENT {
            found.push(format!(
                "{name}: {paced} of {all} requests came too fast to be looked at"
            ));
        }
    }
    for role in roles(courses) {
        let (reached, may) = reach(courses, role);
        // Else it was scanned from outside.
        if reached * 2 < may {
            found.push(format!(
                "{}: only {reached} of {may} operations succeeded",
                role.code
            ));
        }
    }
    found
}

/// The figures, a line for each role and one for all.
pub fn table(courses: &[Course]) -> String {
    let mut text = format!(
        "Schemathesis {VERSION}, all phases.\n\n\
         | role | runs | requests | 2xx | 3xx | 4xx | of them 429 | 5xx | operations that succeeded | seconds |\n\
         |---|---|---|---|---|---|---|---|---|---|\n"
    );
    for role in roles(courses) {
        let own = of(courses, role);
        let (reached, may) = reach(courses, role);
        row(&mut text, role.code, &own, &format!("{reached} of {may}"));
    }
    row(&mut text, "all", &courses.iter().collect::<Vec<_>>(), "");
    text
}

fn row(text: &mut String, name: &str, courses: &[&Course], reach: &str) {
    let all: Vec<Count> = courses
        .iter()
        .flat_map(|course| course.counts.iter().cloned())
        .collect();
    let class = |class: u16| counts::sum(&all, |count| count.status / 100 == class);
    let took: Duration = courses.iter().map(|course| course.took).sum();
    let _ = writeln!(
        text,
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {reach} | {} |",
        courses.len(),
        counts::sum(&all, |_| true),
        class(2),
        class(3),
        class(4),
        counts::sum(&all, |count| count.status == 429),
        class(5),
        took.as_secs(),
    );
}

fn roles(courses: &[Course]) -> Vec<&'static Role> {
    let mut roles: Vec<&'static Role> = Vec::new();
    for course in courses {
        if !roles.iter().any(|role| role.code == course.role.code) {
            roles.push(course.role);
        }
    }
    roles
}

fn of<'c>(courses: &'c [Course], role: &Role) -> Vec<&'c Course> {
    let own = courses
        .iter()
        .filter(|course| course.role.code == role.code);
    own.collect()
}

/// How many operations succeeded for a role with any seed, and how many may.
fn reach(courses: &[Course], role: &Role) -> (usize, usize) {
    let own = of(courses, role).into_iter();
    let all: Vec<Count> = own
        .flat_map(|course| course.counts.iter().cloned())
        .collect();
    (counts::reached(role, &all), role.may().count())
}

fn paced(all: &[Count]) -> u32 {
    let is_paced = |count: &Count| count.status == 429 && PACED.contains(&count.code.as_str());
    counts::sum(all, is_paced)
}

#[cfg(test)]
mod tests {
    use super::super::roles::ROLES;
    use super::*;

    fn course(code: &str, lines: &str, passed: bool) -> Course {
        let role = ROLES.iter().find(|role| role.code == code).expect("a role");
        Course {
            role,
            seed: 1,
            counts: counts::read(lines).expect("lines"),
            passed,
            took: Duration::from_secs(2),
            log: "a.log".into(),
        }
    }

    #[test]
    fn a_scan_that_went_well_has_figures_and_no_findings() {
        let lines = "\
own GET /api/v1/orgs/{org}/people 200 - 50
own GET /api/v1/orgs/{org}/people/{id} 200 - 60
own GET /api/v1/orgs/{org}/people/{id} 429 too_many_requests 5";
        let courses = [
            course("people-read", lines, true),
            course("revoked", "own GET / 401 - 3", true),
        ];
        assert_eq!(findings(&courses), Vec::<String>::new());
        let table = table(&courses);
        assert!(
            table.contains("| people-read | 1 | 115 | 110 | 0 | 5 | 5 | 0 | 2 of 3 | 2 |"),
            "{table}"
        );
        assert!(
            table.contains("| all | 2 | 118 | 110 | 0 | 8 | 5 | 0 |  | 4 |"),
            "{table}"
        );
    }

    #[test]
    fn what_is_wrong_is_told_of_each_run() {
        let lines = "\
own GET /api/v1/orgs/{org}/people 503 busy 1
own GET /api/v1/orgs/{org}/services 200 - 1
own GET /api/v1/orgs/{org}/people 429 too_many_requests 2";
        let found = findings(&[course("people-read", lines, false)]);
        assert_eq!(
            found,
            [
                "people-read, seed 1: a check failed: a.log",
                "people-read, seed 1: 1 answers say that Kept failed",
                "people-read, seed 1: GET /api/v1/orgs/{org}/services answered 200, which this role may not",
                "people-read, seed 1: 2 of 4 requests came too fast to be looked at",
                "people-read: only 0 of 3 operations succeeded",
            ]
        );
    }
}
