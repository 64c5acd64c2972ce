//! What is in memory stays in this process: it holds keys.

use std::io;

/// Lets the system write no image of the memory, and no other program of the same user look in.
///
/// # Errors
/// Those of the system.
pub(super) fn keep_private() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none)?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn the_system_may_write_no_image_of_the_memory() {
        super::keep_private().expect("the system agrees");
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        let limits = std::fs::read_to_string("/proc/self/limits").expect("limits");
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file"));
        let core: Vec<&str> = core.expect("a line").split_whitespace().collect();
        assert_eq!(core[4..6], ["0", "0"]);
    }
}
