//! `kept`, the program. What it can do is in [`kept_app::cli`].

fn main() -> std::process::ExitCode {
    kept_app::cli::main()
}
