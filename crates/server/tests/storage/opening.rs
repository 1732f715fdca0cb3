//! Which files are opened, and which are refused.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use rusqlite::Connection;

use crate::process::{Server, binary, refusal, run};
use crate::shop::{Shop, integrity, number};

/// The smallest command that opens a database as a server does.
fn open(db: &Path) -> Output {
    run(&["token", "list"], db)
}

/// A file is refused by serving and by everything else, with these words, and not a byte of it or beside it changes.
#[track_caller]
fn refused(db: &Path, words: &[&str]) {
    let before = fs::read(db).ok();
    for output in [open(db), run(&["serve", "--port", "0"], db), run(&["import"], db)] {
        let line = refusal(&output);
        for word in words {
            assert!(line.contains(word), "{line:?} does not say {word:?}");
        }
    }
    assert_eq!(fs::read(db).ok(), before, "{}", db.display());
    assert!(!db.with_extension("db-wal").exists() || fs::metadata(db).is_err());
}

#[test]
fn c08_a_missing_file_is_created_and_what_is_there_is_never_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("new.db");
    assert!(open(&db).status.success());
    assert_eq!(number(&db, "SELECT count(*) FROM stock"), 0);
    assert_eq!(integrity(&db), "ok");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains(".new-")), "{names:?}");

    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    refused(&empty, &["empty.db", "is empty", "backup"]);
    assert_eq!(fs::metadata(&empty).unwrap().len(), 0);
}

#[test]
fn c08_a_log_whose_database_is_gone_is_not_swept_aside() {
    let shop = Shop::new();
    let lost = shop.path("lost.db");
    for ending in ["db-wal", "db-journal"] {
        let log = lost.with_extension(ending);
        fs::write(&log, "what is left of reservations").unwrap();
        refused(&lost, &["lost.db", "is missing", ending, "put the database back"]);
        assert_eq!(fs::read_to_string(&log).unwrap(), "what is left of reservations");
        assert!(!lost.exists());
        fs::remove_file(log).unwrap();
    }
    // The control: without such remains it is a new database.
    assert!(open(&lost).status.success());
}

#[test]
fn c08_what_is_no_database_of_ours_is_refused() {
    let shop = Shop::new();
    let folder = shop.path("folder");
    fs::create_dir(&folder).unwrap();
    let line = refusal(&open(&folder));
    assert!(line.contains("is not a file"), "{line}");

    let text = shop.path("text.db");
    fs::write(&text, "Dear diary, ".repeat(1_000)).unwrap();
    refused(&text, &["text.db", "not a database", "backup"]);
    let short = shop.path("short.db");
    fs::write(&short, "SQLite").unwrap();
    refused(&short, &["short.db", "not a database", "backup"]);

    let nowhere = shop.path("no/such/folder/shop.db");
    let line = refusal(&open(&nowhere));
    assert!(line.contains("there is no folder"), "{line}");
}

#[test]
fn c08_the_database_of_another_program_is_refused_whatever_its_version_says() {
    let shop = Shop::new();
    for (name, sql) in [
        ("plain.db", "CREATE TABLE notes (text)"),
        ("versioned.db", "CREATE TABLE stock (text); CREATE TABLE product (text); PRAGMA user_version = 1"),
        ("newer.db", "CREATE TABLE notes (text); PRAGMA user_version = 900"),
        ("named.db", "CREATE TABLE notes (text); PRAGMA application_id = 7"),
        ("only-named.db", "PRAGMA application_id = 7"),
        ("only-versioned.db", "PRAGMA user_version = 1"),
    ] {
        let db = shop.path(name);
        Connection::open(&db).unwrap().execute_batch(sql).unwrap();
        refused(&db, &[name, "another program"]);
    }
}

#[test]
fn c08_c09_a_newer_schema_is_refused_by_an_older_program() {
    let shop = Shop::new();
    Connection::open(shop.db()).unwrap().execute_batch("PRAGMA user_version = 900").unwrap();
    refused(&shop.db(), &["shop.db", "newer version of this program", "start that version"]);
    let line = refusal(&run(&["backup", "--out", "never"], &shop.db()));
    assert!(line.contains("newer version"), "{line}");
}

#[test]
fn c08_a_damaged_database_is_refused() {
    let shop = Shop::new();
    let mut bytes = fs::read(shop.db()).unwrap();
    // The schema stays readable in the header, its pages are gone.
    bytes.truncate(4096);
    bytes[100..].fill(0xAB);
    let damaged = shop.path("damaged.db");
    fs::write(&damaged, bytes).unwrap();
    refused(&damaged, &["damaged.db", "backup"]);
}

/// Somebody who may do nothing here, to be the user of a process; root may do everything to every file.
#[cfg(unix)]
fn as_nobody(args: &[&str], db: &Path) -> std::process::Command {
    use std::os::unix::process::CommandExt as _;
    let mut command = binary(args, db);
    // Whoever runs this owns what it makes.
    let me = std::os::unix::fs::MetadataExt::uid(&tempfile::tempfile().unwrap().metadata().unwrap());
    if me == 0 {
        command.uid(65_534).gid(65_534);
    }
    command
}

#[cfg(unix)]
#[test]
fn c08_a_file_or_folder_that_may_not_be_written_is_refused_with_its_owner() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let shop = Shop::new();
    let owner = fs::metadata(shop.db()).unwrap().uid();
    if as_nobody(&["token", "list"], &shop.path("x")).arg("--help").output().is_err() {
        println!("skipped: this user may not start the binary as another one");
        return;
    }
    mode(shop.folder.path(), 0o777);
    for bits in [0o400, 0o000, 0o444] {
        mode(&shop.db(), bits);
        let line = refusal(&as_nobody(&["token", "list"], &shop.db()).output().unwrap());
        assert!(line.contains("shop.db: cannot be read and written"), "{line}");
        assert!(line.contains(&format!("belongs to user {owner}")), "{line}");
    }
    // The file may be written, the files that SQLite needs beside it may not.
    mode(&shop.db(), 0o666);
    mode(shop.folder.path(), 0o555);
    let line = refusal(&as_nobody(&["token", "list"], &shop.db()).output().unwrap());
    assert!(line.contains("must be able to write its folder"), "{line}");
    let line = refusal(&as_nobody(&["serve", "--port", "0"], &shop.db()).output().unwrap());
    assert!(line.contains("must exist and this user must be able to write it"), "{line}");
    let line = refusal(&as_nobody(&["token", "list"], &shop.path("new.db")).output().unwrap());
    assert!(line.contains("new.db: cannot be created") && line.contains("its folder"), "{line}");
    // The control: with both it is used.
    mode(shop.folder.path(), 0o777);
    assert!(as_nobody(&["token", "list"], &shop.db()).output().unwrap().status.success());
}

#[test]
fn c09_many_processes_that_create_and_migrate_the_same_database_all_succeed() {
    for old in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("shop.db");
        if old {
            // As the first version left it.
            let first = include_str!("../../migrations/sqlite/0001_main_job.sql");
            let connection = Connection::open(&db).unwrap();
            connection.execute_batch(&format!("{first}; PRAGMA user_version = 1; PRAGMA journal_mode = WAL")).unwrap();
        }
        let children: Vec<_> = (0..8)
            .map(|_| binary(&["token", "list"], &db).stderr(std::process::Stdio::piped()).spawn().unwrap())
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "old {old}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(number(&db, "SELECT count(*) FROM meta WHERE key = 'catalog_generation'"), 1);
        assert_eq!(integrity(&db), "ok");
    }
}

#[test]
fn c09_a_process_killed_at_any_moment_of_its_first_start_leaves_nothing_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..40_u64 {
        let db = folder.path().join(format!("shop-{round}.db"));
        let mut child = binary(&["token", "list"], &db).spawn().unwrap();
        // Not a wait for something: the moment is what is tried out.
        std::thread::sleep(Duration::from_micros(round * 500));
        child.kill().unwrap();
        child.wait().unwrap();
        let again = open(&db);
        assert!(again.status.success(), "round {round}: {}", String::from_utf8_lossy(&again.stderr));
        assert_eq!(integrity(&db), "ok");
    }
}

#[test]
fn a24_a_second_server_on_the_same_file_is_refused_until_the_first_is_gone() {
    let shop = Shop::new();
    let first = Server::start(&shop.db());
    let line = refusal(&run(&["serve", "--port", "0"], &shop.db()));
    assert!(line.contains("shop.db: another server uses this database; stop it"), "{line}");
    // The first one does not notice, and commands beside it work.
    assert_eq!(first.get("/health/ready").status, 200);
    assert!(run(&["token", "list"], &shop.db()).status.success());
    let inventory = shop.path("inventory.tsv").display().to_string();
    let import = run(&["import", "--inventory", &inventory], &shop.db());
    assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
    assert_eq!(first.get("/health/ready").status, 200);
    // Killed without a chance to tidy up.
    first.kill();
    let second = Server::start(&shop.db());
    assert_eq!(second.get("/health/ready").status, 200);
}
