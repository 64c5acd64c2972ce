use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::rotation_tests::{QUIET, opens, seal};
use super::tests::{Fixture, organization};
use super::*;
use crate::kit::{Actor, OperatorSessionId, Token};

impl Fixture {
    fn root_file(&self) -> RootKeyFile {
        // It is made when it is not there yet.
        self.key();
        RootKeyFile(self.folder.path().join("root.key"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

async fn rotate_root(store: &Arc<Store>, keep: Option<PathBuf>) -> Result<RootChange, Error> {
    let rotating = Arc::clone(store);
    let work = move |progress: &Progress| {
        let rotated = rotating.rotate_root(keep.as_deref(), None, progress)?;
        assert_eq!(rotated.unlogged, 0);
        Ok((rotated.change, String::new()))
    };
    let (kind, told) = (JobKind::RootRotation, Arc::new(QUIET));
    store.run_job(kind, None, Actor::OPERATOR, told, work).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_root_key_changes_while_another_process_is_at_work() {
    let fixture = Fixture::new();
    let file = fixture.root_file();
    let old = file.load().expect("is read");
    let one = fixture.open_from(file.clone(), 2).expect("opens");
    let two = fixture.open_from(file.clone(), 3).expect("opens");
    let alpha = organization(&one, "alpha").await;
    let sealed = seal(&one, alpha, 3).await;
    let dsn = Dsn::parse("postgres://kept@127.0.0.1:1/elsewhere").expect("is one");
    let (now, entropy) = (fixture.clock.now(), Entropy::seeded(7));
    let keep = |control: &Control| control.keep_server("elsewhere", &dsn, now, &entropy);
    off_runtime(|| keep(&two.control)).expect("is kept");
    let link = Token::new("", two.entropy()).hash("link");
    let robin = two.add_operator("robin", link, Actor::OPERATOR).await;
    let robin = robin.expect("is added");
    let session = OperatorSessionId::new(fixture.clock.now(), two.entropy());
    let secret = Zeroizing::new(b"shared with an app".to_vec());
    let begun = two
        .propose_operator_factor(robin, session, secret.clone())
        .await;
    assert_eq!(begun, Ok(true));

    let into_itself = rotate_root(
        &one,
        Some(
            fixture
                .path("../")
                .join(fixture.folder.path().file_name().expect("has a name"))
                .join("root.key"),
        ),
    );
    let said = into_itself
        .await
        .expect_err("would be overwritten")
        .to_string();
    assert!(said.ends_with("keep the old one elsewhere"), "{said}");
    assert!(file.load().expect("is read").is_same(&old));
    let kept = fixture.path("old.key");
    let rotated = rotate_root(&one, Some(kept.clone())).await;
    assert_eq!(rotated, Ok(RootChange::Changed(1)));
    let new = file.load().expect("is read");
    assert!(!new.is_same(&old), "it is another");
    assert!(
        RootKeyFile(kept.clone())
            .load()
            .expect("is kept")
            .is_same(&old)
    );
    assert!(!file.next().0.exists());

    // The other process has only the old one in memory, and needs it now for the first time.
    assert!(opens(&two, alpha, &sealed).await);
    let gamma = organization(&two, "gamma").await;
    let sealed_there = seal(&two, gamma, 2).await;
    let server = off_runtime(|| two.control.server("elsewhere")).expect("opens");
    assert_eq!(
        server.map(|dsn| dsn.expose().to_owned()),
        Some(dsn.expose().to_owned())
    );

    let factor = two.operator_factor(robin).await.expect("opens");
    assert_eq!(factor.map(|factor| factor.secret), Some(secret));

    drop((one, two));
    let again = fixture.open_from(file.clone(), 4).expect("opens");
    assert!(opens(&again, alpha, &sealed).await);
    assert!(opens(&again, gamma, &sealed_there).await);
    let with_old = fixture.open_from(old, 5).err();
    assert!(matches!(with_old, Some(Error::Key(_))), "{with_old:?}");
    // Once more, to a key that is no other than the first: the file is free to keep it.
    std::fs::remove_file(&kept).expect("was there");
    assert_eq!(
        rotate_root(&again, Some(kept)).await,
        Ok(RootChange::Changed(2))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_the_root_key_that_is_cut_short_goes_on() {
    let fixture = Fixture::new();
    let file = fixture.root_file();
    let (old, sealed_by_old) = {
        let store = fixture.open_from(file.clone(), 2).expect("opens");
        organization(&store, "alpha").await;
        let file_key = std::fs::read(fixture.path("control.key")).unwrap_or_default();
        (file.load().expect("is read"), file_key)
    };
    // It ended after the new key was made.
    let next = Key::random(&Entropy::seeded(8));
    file.next().keep(&next).expect("is kept");
    let store = fixture.open_from(file.clone(), 3).expect("opens");
    assert!(file.load().expect("is read").is_same(&old));
    assert_eq!(rotate_root(&store, None).await, Ok(RootChange::Changed(1)));
    assert!(file.load().expect("is read").is_same(&next), "no third one");
    drop(store);
    // It ended after everything was wrapped, and before the file was in its place.
    let put_back = |sealed: &[u8]| {
        std::fs::rename(&file.0, file.next().0).expect("is moved");
        file.keep(&old).expect("is kept");
        if !sealed_by_old.is_empty() {
            std::fs::write(fixture.path("control.key"), sealed).expect("is written");
        }
    };
    let sealed_by_new = std::fs::read(fixture.path("control.key")).unwrap_or_default();
    let both = [sealed_by_old.as_slice(), &sealed_by_new].concat();
    for (seed, sealed) in [(4, both), (5, sealed_by_new)] {
        put_back(&sealed);
        let store = fixture.open_from(file.clone(), seed).expect("opens");
        assert!(file.load().expect("is read").is_same(&next));
        assert!(!file.next().0.exists());
        // Giving the command again changes nothing more.
        assert_eq!(rotate_root(&store, None).await, Ok(RootChange::Ended));
        assert!(file.load().expect("is read").is_same(&next));
        let alpha = store.find_organization("alpha").await.expect("is asked");
        seal(&store, alpha.expect("is there"), 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_prints_another_root_key_needs_the_one_before_to_change_it() {
    let fixture = Fixture::new();
    let file = fixture.root_file();
    let printed = RootKey::command(&format!("cat {}", file.0.display()));
    let running = fixture.open_from(printed.clone(), 2).expect("opens");
    let alpha = organization(&running, "alpha").await;
    let without = rotate_root(&running, None).await;
    let said = without.expect_err("has no other").to_string();
    assert!(
        said.starts_with("key: let the command print a new root key"),
        "{said}"
    );

    let old = file.load().expect("is read");
    std::fs::remove_file(&file.0).expect("was there");
    file.keep(&Key::random(&Entropy::seeded(9)))
        .expect("is kept");
    assert!(fixture.open_from(printed.clone(), 3).is_err());
    let changing = fixture.open_from(printed.clone().with_earlier(old.clone()), 4);
    let changing = changing.expect("opens with the one before");
    assert_eq!(
        rotate_root(&changing, None).await,
        Ok(RootChange::Changed(1))
    );
    assert_eq!(rotate_root(&changing, None).await, Ok(RootChange::Already));
    drop(changing);
    // Whoever was at work goes on.
    seal(&running, alpha, 1).await;
    organization(&running, "beta").await;
    let opened = fixture.open_from(printed, 5).expect("opens");
    seal(&opened, alpha, 1).await;
    assert!(fixture.open_from(old, 6).is_err());
}

#[test]
fn several_that_start_at_once_make_one_installation() {
    let fixture = Fixture::new();
    let root = fixture.key();
    std::thread::scope(|scope| {
        let opening: Vec<_> = (2..8)
            .map(|seed| {
                let (fixture, root) = (&fixture, root.clone());
                scope.spawn(move || fixture.open_from(root, seed).map(|_| ()))
            })
            .collect();
        for opened in opening {
            opened.join().expect("ends").expect("opens");
        }
    });
    drop(fixture.open_from(root, 9).expect("opens again"));
    let left: Vec<_> = std::fs::read_dir(fixture.folder.path())
        .expect("is there")
        .map(|file| file.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().starts_with("control.key."))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_next_root_key_that_was_half_written_is_in_nobodys_way() {
    let fixture = Fixture::new();
    let file = fixture.root_file();
    drop(fixture.open_from(file.clone(), 2).expect("opens"));
    std::fs::write(file.next().0, "").expect("is written");
    let store = fixture.open_from(file, 3).expect("opens all the same");
    assert_eq!(rotate_root(&store, None).await, Ok(RootChange::Changed(0)));
}
