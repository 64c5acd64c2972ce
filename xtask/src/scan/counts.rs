//! What was answered, as `count.py` writes it down.

use super::roles::Role;

/// How often an operation was answered with one status and code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Whether it was sent as the role, with its token unchanged.
    pub own: bool,
    pub method: String,
    pub path: String,
    pub status: u16,
    /// The code of the problem; `-` where there is none.
    pub code: String,
    pub number: u32,
}

impl Count {
    /// Reads a line.
    fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [whose, method, path, status, code, number] = words[..] else {
            return None;
        };
        Some(Self {
            own: whose == "own",
            method: method.to_owned(),
            path: path.to_owned(),
            status: status.parse().ok()?,
            code: code.to_owned(),
            number: number.parse().ok()?,
        })
    }

    fn has_succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it is that operation, named by method and the end of its path.
    fn is(&self, operation: &str) -> bool {
        operation.split_once(' ').is_some_and(|(method, end)| {
            let rest = self.path.strip_suffix(end);
            // All stands directly below the organization.
            method == self.method && rest.is_some_and(|rest| rest.ends_with("{org}/"))
        })
    }
}

/// Reads all lines; `None` when one of them is no count.
pub fn read(text: &str) -> Option<Vec<Count>> {
    text.lines().map(Count::read).collect()
}

/// Everything that has no business to succeed, and did.
pub fn strays(role: &Role, counts: &[Count]) -> Vec<String> {
    let own = counts
        .iter()
        .filter(|count| count.own && count.has_succeeded());
    own.filter(|count| !role.may().any(|operation| count.is(operation)))
        .map(|count| format!("{} {} answered {}", count.method, count.path, count.status))
        .collect()
}

/// How many of the operations that may succeed did.
pub fn reached(role: &Role, counts: &[Count]) -> usize {
    let succeeded = |operation: &&str| {
        counts
            .iter()
            .any(|count| count.own && count.has_succeeded() && count.is(operation))
    };
    role.may().filter(succeeded).count()
}

/// How many answers have a status that `keep` wants.
pub fn sum(counts: &[Count], keep: impl Fn(&Count) -> bool) -> u32 {
    let kept = counts.iter().filter(|count| keep(count));
    kept.map(|count| count.number).sum()
}

#[cfg(test)]
mod tests {
    use super::super::roles::ROLES;
    use super::*;

    const LINES: &str = "\
own GET /api/v1/orgs/{org}/people 200 - 3
own GET /api/v1/orgs/{org}/people/{id} 404 not_found 2
own GET /api/v1/orgs/{org}/slots/why 503 busy 1
other GET /api/v1/orgs/{org}/services 200 - 1";

    #[test]
    fn lines_are_read_or_refused() {
        let counts = read(LINES).expect("fine");
        assert_eq!((counts[0].status, counts[0].number), (200, 3));
        assert_eq!(sum(&counts, |_| true), 7);
        assert_eq!(sum(&counts, |count| count.status >= 500), 1);
        assert_eq!(read("own GET /x 200 -"), None);
        assert_eq!(read("own GET /x ok - 1"), None);
    }

    #[test]
    fn a_success_past_the_role_is_told() {
        let role = |code: &str| ROLES.iter().find(|role| role.code == code).expect("a role");
        let counts = read(LINES).expect("fine");
        assert!(strays(role("people-read"), &counts).is_empty());
        assert_eq!(reached(role("people-read"), &counts), 1);
        let stray = ["GET /api/v1/orgs/{org}/people answered 200"];
        assert_eq!(strays(role("nobody"), &counts), stray);
        assert_eq!(strays(role("revoked"), &counts), stray);
        // What was sent without the token is nobody's, who may see what is offered.
        assert_eq!(reached(role("nobody"), &counts), 0);
    }
}
