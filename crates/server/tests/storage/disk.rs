//! A disk that is full, and has space again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::process::Server;
use crate::shop::{fill, integrity, number, wish};

/// A small disk of its own, where this user may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

#[test]
fn c04_a_full_disk_refuses_writes_serves_readers_and_recovers_without_a_restart() {
    let Some(disk) = SmallDisk::mount("4m") else {
        println!("skipped: this user may not mount a disk");
        return;
    };
    let db = disk.path().join("shop.db");
    let feeds = tempfile::tempdir().unwrap();
    fill(&db, feeds.path(), 10);
    let server = Server::start(&db);
    let mut acknowledged = Vec::new();
    let mut reserve = |key: &str| {
        let answer = server.reserve(key, &wish("p1"));
        if answer.status == 201 {
            acknowledged.push(answer.body["id"].as_str().unwrap().to_owned());
        }
        answer
    };
    assert_eq!(reserve("before").status, 201);

    let filler = disk.path().join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    drop(file);
    // The log may have some room left in what it has already.
    let mut n = 0;
    let refused = loop {
        let answer = reserve(&format!("full-{n}"));
        if answer.status != 201 {
            break answer;
        }
        n += 1;
        assert!(n < 5_000, "the disk is never full");
    };
    refused.is_later("storage-full");
    reserve("another").is_later("storage-full");
    for path in ["/v1/products?q=product", "/v1/products/p1", "/health/ready"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }

    fs::remove_file(&filler).unwrap();
    let answer = reserve(&format!("full-{n}"));
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(reserve("another").status, 201);
    server.kill();
    assert_eq!(integrity(&db), "ok");
    let acknowledged: std::collections::BTreeSet<_> = acknowledged.into_iter().collect();
    assert_eq!(number(&db, "SELECT count(*) FROM reservation"), i64::try_from(acknowledged.len()).unwrap());
    for id in acknowledged {
        assert_eq!(number(&db, &format!("SELECT count(*) FROM reservation WHERE id = '{id}'")), 1);
    }
}

#[test]
fn c04_a_backup_that_does_not_fit_leaves_nothing_behind() {
    let Some(disk) = SmallDisk::mount("64k") else {
        println!("skipped: this user may not mount a disk");
        return;
    };
    let shop = crate::shop::Shop::new();
    let out = disk.path().join("copy.db");
    let output = crate::process::run(&["backup", "--out", out.to_str().unwrap()], &shop.db());
    let line = crate::process::refusal(&output);
    assert!(line.contains("copy.db: cannot be written"), "{line}");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}
