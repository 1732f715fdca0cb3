//! The command line, as those who look after a server use it.

// clippy.toml lets tests unwrap; the helpers here are part of them.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use nearshelf_server::db::sqlite;
use tempfile::TempDir;

fn shop() -> (TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("shop.db");
    let sql = "INSERT INTO location (id, name, latitude, longitude, timezone, schedule)
               VALUES ('lyo-1', 'Lyon', 45.7, 4.8, 'Europe/Paris', '{\"weekly\":null,\"exceptions\":[]}')";
    sqlite::open(&db).unwrap().execute(sql, []).unwrap();
    (dir, db)
}

fn run(db: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nearshelf-server"));
    // The database stands behind the name of the command.
    let (names, options) = words.split_at(words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len()));
    command.args(names).arg("--db").arg(db).args(options).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr }).into_owned()
}

#[test]
fn a_token_is_made_for_a_shop_listed_with_it_and_taken_back() {
    let (_dir, db) = shop();
    let made = run(&db, &["token", "create", "--scope", "staff", "--name", "Lyon desk", "--location", "lyo-1"]);
    let secret = said(&made);
    assert!(made.status.success() && secret.starts_with("nst_") && secret.trim().len() == 44, "{secret}");
    assert!(run(&db, &["token", "create", "--scope", "ops", "--name", "graphs"]).status.success());
    let list = said(&run(&db, &["token", "list"]));
    let fields: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(
        fields.iter().map(|f| (f[1], f[2], f[4], f[5])).collect::<Vec<_>>(),
        [("staff", "lyo-1", "Lyon desk", "valid"), ("ops", "-", "graphs", "valid"),]
    );
    assert!(!list.contains(secret.trim()), "the secret is shown once");
    assert!(run(&db, &["token", "revoke", "--", fields[0][0]]).status.success());
    assert!(said(&run(&db, &["token", "list"])).lines().next().unwrap().contains("revoked 2"));
    assert!(!run(&db, &["token", "revoke", "--", fields[0][0]]).status.success());
}

#[test]
fn a_token_with_the_wrong_shop_is_refused_in_words_and_leaves_no_file() {
    let (dir, db) = shop();
    let file = dir.path().join("secret");
    let out = file.to_str().unwrap();
    for (options, reason) in [
        (&["--scope", "staff"][..], "a token for staff names its shop: --location ID"),
        (&["--scope", "device"], "a token for device names its shop: --location ID"),
        (&["--scope", "ops", "--location", "lyo-1"], "a token for ops is for all shops"),
        (&["--scope", "feed", "--location", "lyo-9"], "there is no shop lyo-9"),
        (&["--scope", "boss"], "a scope is one of: feed, staff, device, ops"),
        (&["--scope", "feed", "--location", "a b"], "has a character that is not printable ASCII"),
    ] {
        let words = [&["token", "create", "--name", "x", "--out", out], options].concat();
        let refused = run(&db, &words);
        assert!(!refused.status.success() && said(&refused).contains(reason), "{options:?}: {}", said(&refused));
        assert!(!file.exists(), "{options:?}");
    }
    assert_eq!(said(&run(&db, &["token", "list"])), "");
    let made = run(&db, &["token", "create", "--name", "x", "--out", out, "--scope", "device", "--location", "lyo-1"]);
    assert!(made.status.success() && said(&made).is_empty());
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("nst_"));
    // What is there is never written over, and stays.
    assert!(!run(&db, &["token", "create", "--name", "x", "--out", out, "--scope", "feed"]).status.success());
    assert!(file.exists());
}

#[test]
fn limits_that_cannot_be_used_are_named_before_anything_starts() {
    let (dir, db) = shop();
    let file = dir.path().join("limits.json");
    std::fs::write(&file, r#"{"writes_per_address":{"per_minute":120,"burst":0}}"#).unwrap();
    for (choice, reason) in [
        (file.to_str().unwrap(), "limits.json: writes_per_address.burst: invalid value: integer `0`"),
        ("/nowhere/limits.json", "limits /nowhere/limits.json: No such file"),
    ] {
        let refused = run(&db, &["serve", "--port", "0", "--limits", choice]);
        assert!(!refused.status.success() && said(&refused).contains(reason), "{}", said(&refused));
    }
}

#[test]
fn settings_that_cannot_be_used_are_named_before_anything_starts() {
    let (dir, db) = shop();
    let file = dir.path().join("settings.json");
    let path = file.to_str().unwrap();
    for (text, reason) in [
        (r#"{"nmae": "Boreal"}"#, "settings.json: nmae: unknown field `nmae`"),
        (r#"{"brand_color": "green"}"#, "settings.json: brand_color: \"green\" is not a colour such as #0a5c36"),
        (r#"{"languages": ["en", "de"]}"#, "settings.json: languages[1]: unknown variant `de`"),
        (r#"{"holds": {"default_hours": 0}}"#, "settings.json: holds: a hold lasts 1 to 720 hours"),
        (r#"{"logo": "/media/logo.svg"}"#, "logo: /media/logo.svg is not served; name its folder with --media"),
    ] {
        std::fs::write(&file, text).unwrap();
        let refused = run(&db, &["serve", "--port", "0", "--settings", path]);
        assert!(!refused.status.success() && said(&refused).contains(reason), "{text}: {}", said(&refused));
    }
}

#[test]
fn the_schema_of_the_settings_is_printed() {
    let (_dir, db) = shop();
    let printed = Command::new(env!("CARGO_BIN_EXE_nearshelf-server")).arg("settings-schema").output().unwrap();
    assert!(printed.status.success() && said(&printed).contains("\"brand_color\""), "{}", said(&printed));
    assert!(!db.with_extension("db-journal").exists());
}
