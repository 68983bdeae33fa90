//! Files of records.

use qiao_app::context::Role;
use qiao_app::imports::Kind;
use serde_json::json;

use crate::world::{Answer, World, on_both};

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo of a visit";

async fn attach(world: &World, who: &str, record: &str, name: &str, bytes: &[u8]) -> Answer {
    world.send_form(who, &format!("/api/v1/records/{record}/attachments"), &[("file", name, bytes)], None).await
}

async fn visit(world: &World, owner: &str) -> String {
    let file = format!("activity,kind,subject,owner,happened_at\nV-{owner},visit,拜访,{owner},2026-03-01\n");
    world.import(Kind::Activities, &file).await;
    let found = world.get("finance", &format!("/api/v1/activities?external_id=V-{owner}")).await;
    format!("activity/{}", found.body["items"][0]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_photo_of_a_visit() {
    on_both(|world| async move {
        let form = json!({"kind": "visit", "subject": "拜访", "latitude": "31.230416", "longitude": "-121.5", "accuracy_m": 12});
        let made = world.made("rep", "/api/v1/activities", form).await;
        assert_eq!((made["latitude"].as_str(), made["longitude"].as_str()), (Some("31.230416"), Some("-121.500000")));
        assert_eq!(made["accuracy_m"], 12);
        let record = format!("activity/{}", made["id"].as_str().unwrap());
        let photo = attach(&world, "rep", &record, "../现场\u{202e}.jpg", PHOTO).await;
        assert_eq!(photo.status.as_u16(), 201, "{}", photo.text);
        assert_eq!((photo.body["file_name"].as_str(), photo.body["media_type"].as_str()), (Some("现场.jpg"), Some("image/jpeg")));
        let one = format!("/api/v1/attachments/{}", photo.body["id"].as_str().unwrap());
        let content = world.get("rep", &format!("{one}/content")).await;
        assert_eq!(content.headers["content-type"], "image/jpeg");
        assert_eq!(content.headers["x-content-type-options"], "nosniff");
        assert!(content.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert!(content.headers["content-disposition"].to_str().unwrap().starts_with("inline; filename*=UTF-8''%E7"));
        assert_eq!(content.text.as_bytes(), String::from_utf8_lossy(PHOTO).as_bytes());
        // In the timeline of what it is about, and on the activity's own page.
        let deal = world.get("rep", "/api/v1/opportunities?external_id=D1").await.body["items"][0]["id"].clone();
        let version = made["version"].as_i64().unwrap();
        world.patch("rep", &format!("/api/v1/activities/{}", made["id"].as_str().unwrap()), version, json!({"opportunity_id": deal})).await;
        let path = format!("/api/v1/records/opportunity/{}/timeline", deal.as_str().unwrap());
        let line = world.get("rep", &path).await;
        let event = line.body["items"].as_array().unwrap().iter().find(|e| e["kind"] == "activity").unwrap().clone();
        assert_eq!(event["attachments"][0]["id"], photo.body["id"], "{event}");
        // Removed, brought back; the same bytes lie on the disk once.
        let gone = world.ask_with("rep", "DELETE", &one, None, &[("if-match", "\"1\"")]).await;
        assert_eq!(gone.status.as_u16(), 200, "{}", gone.text);
        assert_eq!(world.get("rep", &format!("{one}/content")).await.status.as_u16(), 404);
        let back = world.ask("rep", "POST", &format!("{one}/restoration"), None).await;
        assert_eq!(back.status.as_u16(), 200, "{}", back.text);
        assert_eq!(world.get("rep", &format!("{one}/content")).await.status.as_u16(), 200);
        assert_eq!(attach(&world, "rep", &record, "b.jpg", PHOTO).await.status.as_u16(), 201);
        let listed = world.get("rep", &format!("/api/v1/records/{record}/attachments")).await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 2);
        let files = world.state.files().clone();
        assert_eq!(qiao_store::check::files(&world.db.store, &files).await.unwrap(), Vec::<String>::new());
        // What is changed on the disk, or gone from it, is found.
        let folder = std::fs::read_dir(files.root()).unwrap().next().unwrap().unwrap().path();
        let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        std::fs::write(&file, b"other").unwrap();
        let broken = qiao_store::check::files(&world.db.store, &files).await.unwrap();
        assert!(broken.len() == 1 && broken[0].contains("changed"), "{broken:?}");
        std::fs::remove_file(&file).unwrap();
        let broken = qiao_store::check::files(&world.db.store, &files).await.unwrap();
        assert!(broken.len() == 1 && broken[0].contains("missing"), "{broken:?}");
        let answer = world.get("rep", &format!("{one}/content")).await;
        assert_eq!(answer.body["code"], "file_gone");
    })
    .await;
}

#[tokio::test]
async fn nothing_in_a_file_runs() {
    on_both(|world| async move {
        let record = visit(&world, "rep").await;
        let page = b"<!doctype html><script>alert(1)</script>";
        for name in ["photo.jpg", "page.html", "x.svg"] {
            let file = attach(&world, "rep", &record, name, page).await;
            let one = format!("/api/v1/attachments/{}/content", file.body["id"].as_str().unwrap());
            let content = world.get("rep", &one).await;
            assert_eq!(content.headers["content-type"], "text/plain; charset=utf-8", "{name}");
            assert!(content.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{name}");
        }
        let empty = attach(&world, "rep", &record, "a.jpg", b"").await;
        assert_eq!(empty.body["errors"][0]["code"], "empty_file", "{}", empty.text);
        let huge = vec![b'a'; 50 * 1024 * 1024 + 1];
        assert_eq!(attach(&world, "rep", &record, "a.jpg", &huge).await.status.as_u16(), 413);
        let path = format!("/api/v1/records/{record}/attachments");
        let other = world.send_form("rep", &path, &[("more", "", b"x")], None).await;
        assert_eq!(other.body["errors"][0]["code"], "unknown_field", "{}", other.text);
        assert_eq!(world.ask("rep", "POST", &path, Some(json!({}))).await.status.as_u16(), 415);
        let key = world.send_form("rep", &path, &[("file", "a.jpg", PHOTO)], Some("k")).await;
        let again = world.send_form("rep", &path, &[("file", "a.jpg", PHOTO)], Some("k")).await;
        assert_eq!(key.body["id"], again.body["id"]);
        for (form, code) in [
            (json!({"latitude": "91", "longitude": "1"}), "out_of_range"),
            (json!({"latitude": "1"}), "required"),
            (json!({"latitude": "x", "longitude": "1"}), "not_number"),
        ] {
            let mut form = form;
            form["kind"] = json!("visit");
            form["subject"] = json!("s");
            let answer = world.ask("rep", "POST", "/api/v1/activities", Some(form)).await;
            assert_eq!(answer.body["errors"][0]["code"], code, "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn files_are_seen_as_their_records() {
    on_both(|world| async move {
        let reach: [(&str, [bool; 8]); 4] = [
            ("rep", [true; 8]),
            ("mate", [false, true, true, true, true, true, true, true]),
            ("near", [false, false, true, true, true, true, true, true]),
            ("far", [false, false, false, true, true, true, true, true]),
        ];
        for (owner, sees) in reach {
            let record = visit(&world, owner).await;
            let path = format!("/api/v1/records/{record}/attachments");
            let file = attach(&world, "operations", &record, "a.jpg", PHOTO).await;
            let one = format!("/api/v1/attachments/{}", file.body["id"].as_str().unwrap());
            for (role, sees) in Role::ALL.into_iter().zip(sees) {
                let who = role.as_str();
                let seen = if sees { 200 } else { 404 };
                assert_eq!(world.get(who, &path).await.status.as_u16(), seen, "{who} {owner}");
                assert_eq!(world.get(who, &format!("{one}/content")).await.status.as_u16(), seen, "{who} {owner}");
                let writes = if role == Role::Auditor {
                    403
                } else if sees {
                    201
                } else {
                    404
                };
                assert_eq!(attach(&world, who, &record, "b.jpg", PHOTO).await.status.as_u16(), writes, "{who} {owner}");
                // Removed by who attached it, and by administrators.
                let own = matches!(role, Role::Operations | Role::Administrator);
                let removes = if role == Role::Auditor {
                    403
                } else if own {
                    412
                } else {
                    404
                };
                let gone = world.ask_with(who, "DELETE", &one, None, &[("if-match", "\"9\"")]).await;
                assert_eq!(gone.status.as_u16(), removes, "{who} {owner} {}", gone.text);
                let back = world.ask(who, "POST", &format!("{one}/restoration"), None).await;
                let restores = if removes == 412 { 200 } else { removes };
                assert_eq!(back.status.as_u16(), restores, "{who} {owner} {}", back.text);
            }
            for path in [path.clone(), format!("{one}/content")] {
                assert_eq!(world.get("nobody", &path).await.status.as_u16(), 401);
            }
            assert_eq!(attach(&world, "nobody", &record, "a", PHOTO).await.status.as_u16(), 401);
        }
    })
    .await;
}
