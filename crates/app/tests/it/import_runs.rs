//! Imports in steps, as the browser does them.

use qiao_app::context::Role;
use qiao_app::imports::Kind;
use qiao_app::jobs;
use serde_json::{Value, json};

use crate::world::{Answer, World, on_both};

const FILE: &str = "商机编号,商机名称,客户,销售,销售阶段,预计金额（元）,创建时间\n\
    Z1,一期,甲公司,rep,won,\"1,000.00\",2026-01-10\n\
    Z2,二期,甲公司,小陈,谈判,2000,2026-01-11\n\
    Z3,三期,甲公司,小陈,proposal,abc,2026-01-12\n\
    Z4,四期,甲公司,mate,proposal,4000,3/4/2026\n\
    Z5,五期,甲公司,mate,proposal,5000,2026-01-14\n\
    Z5,五期又,甲公司,mate,proposal,5000,2026-01-14\n";

async fn begin(world: &World, who: &str, kind: &str, file: &[u8]) -> Answer {
    world.send_form(who, "/api/v1/import-runs", &[("kind", "", kind.as_bytes()), ("file", "f.csv", file)], None).await
}

fn path(run: &Value, rest: &str) -> String {
    format!("/api/v1/import-runs/{}{rest}", run["id"].as_str().unwrap())
}

async fn get(world: &World, who: &str, run: &Value) -> Value {
    world.get(who, &path(run, "")).await.body
}

/// Matches, works, and answers the run.
async fn matched(world: &World, who: &str, run: &Value, mapping: &Value) -> Value {
    let version = run["version"].as_i64().unwrap();
    let answer = world.patch(who, &path(run, ""), version, mapping.clone()).await;
    assert_eq!((answer.status.as_u16(), answer.body["status"].as_str()), (200, Some("checking")), "{}", answer.text);
    jobs::drain(&world.state).await.unwrap();
    get(world, who, run).await
}

async fn started(world: &World, who: &str, run: &Value) -> Value {
    let answer = world.ask(who, "POST", &path(run, "/start"), None).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    jobs::drain(&world.state).await.unwrap();
    get(world, who, run).await
}

#[tokio::test]
async fn from_a_file_to_records_in_steps() {
    on_both(|world| async move {
        world.import(Kind::Accounts, "account,name\n甲公司,甲公司\n").await;
        let deals = |who: &'static str| {
            let world = &world;
            async move {
                world.get(who, "/api/v1/opportunities?text=%E6%9C%9F&limit=200").await.body["items"]
                    .as_array()
                    .unwrap()
                    .len()
            }
        };
        let before = deals("operations").await;
        let begun = begin(&world, "operations", "opportunities", FILE.as_bytes()).await;
        assert_eq!(begun.status.as_u16(), 201, "{}", begun.text);
        let run = begun.body;
        assert_eq!((run["status"].as_str(), run["total"].as_i64()), (Some("mapping"), Some(6)));
        let mut mapping = run["mapping"].clone();
        for (ours, theirs) in
            [("opportunity", "商机编号"), ("owner", "销售"), ("amount", "预计金额（元）"), ("opened_on", "创建时间")]
        {
            assert_eq!(mapping["columns"][ours], theirs, "{mapping}");
        }
        // What came was on the disk while it was read, and is no longer.
        let incoming = world.state.files().root().join("incoming");
        assert_eq!(std::fs::read_dir(incoming).map(Iterator::count).unwrap_or(0), 0);
        // The preview tries everything and changes nothing.
        let run = matched(&world, "operations", &run, &mapping).await;
        let preview = &run["preview"];
        assert_eq!((preview["created"].as_i64(), preview["rejected"].as_i64()), (Some(1), Some(5)), "{run}");
        assert_eq!(preview["first_created"][0]["cells"][0], "Z5");
        assert_eq!(deals("operations").await, before);
        let unknown = preview["unknown"].as_array().unwrap();
        let chen = unknown.iter().find(|u| u["value"] == "小陈").unwrap();
        assert_eq!((chen["column"].as_str(), chen["count"].as_i64()), (Some("owner"), Some(1)));
        assert!(unknown.iter().any(|u| u["value"] == "谈判" && u["column"] == "stage"));
        let choices = world.get("operations", &path(&run, "/choices?column=owner&text=%E9%99%88")).await;
        assert_eq!(choices.body["items"], json!([{"value": "rep", "label": "陈一"}]));
        // Aliases and the form of days mend what is the same in every row.
        mapping["aliases"] = json!({"owner": {"小陈": "rep"}, "stage": {"谈判": "negotiation"}});
        mapping["dates"] = json!("dmy");
        let stages = world.get("operations", &path(&run, "/choices?column=stage")).await;
        let stages: Vec<&str> =
            stages.body["items"].as_array().unwrap().iter().filter_map(|s| s["value"].as_str()).collect();
        mapping["aliases"]["stage"]["谈判"] = json!(stages[0]);
        let run = matched(&world, "operations", &run, &mapping).await;
        assert_eq!(
            (run["preview"]["created"].as_i64(), run["preview"]["rejected"].as_i64()),
            (Some(3), Some(3)),
            "{run}"
        );
        let run = started(&world, "operations", &run).await;
        assert_eq!(
            (run["status"].as_str(), run["created"].as_i64(), run["rejected"].as_i64()),
            (Some("done"), Some(3), Some(3))
        );
        assert_eq!(deals("operations").await, before + 3);
        // What was rejected says where; mended in place it goes in, just that.
        let rejected = world.get("operations", &path(&run, "/rejected-rows")).await;
        let lines: Vec<i64> =
            rejected.body["items"].as_array().unwrap().iter().filter_map(|r| r["line"].as_i64()).collect();
        assert_eq!(lines, [2, 4, 7]);
        let amount = &rejected.body["items"][1];
        assert_eq!(
            (amount["reasons"][0]["cell"].as_i64(), amount["reasons"][0]["code"].as_str()),
            (Some(5), Some("not_money"))
        );
        assert!(rejected.body["items"][2]["reasons"][0]["code"] == "twice_in_file");
        let file = world.get("operations", &path(&run, "/rejected-file")).await;
        assert!(file.text.contains("reason") && file.text.contains("closed_on"), "{}", file.text);
        let mut cells = amount["cells"].clone();
        cells[5] = json!("3000");
        let mut twice = rejected.body["items"][2]["cells"].clone();
        twice[0] = json!("Z6");
        let rows = json!({"rows": [{"line": 4, "cells": cells}, {"line": 7, "cells": twice}]});
        let mended = world.ask("operations", "POST", &path(&run, "/mending"), Some(rows.clone())).await;
        assert_eq!(mended.status.as_u16(), 200, "{}", mended.text);
        jobs::drain(&world.state).await.unwrap();
        let run = get(&world, "operations", &run).await;
        let counts = (run["created"].as_i64(), run["rejected"].as_i64(), run["status"].as_str());
        assert_eq!(counts, (Some(5), Some(1), Some("done")), "{run}");
        assert_eq!(deals("operations").await, before + 5);
        // Nobody mends what was not rejected.
        let again = world.ask("operations", "POST", &path(&run, "/mending"), Some(rows)).await;
        assert_eq!(again.body["errors"][0]["code"], "not_rejected", "{}", again.text);
        // The mapping is remembered for this header, and the file once more changes nothing.
        let run = begin(&world, "operations", "opportunities", FILE.as_bytes()).await.body;
        assert_eq!(run["mapping"]["aliases"]["owner"]["小陈"], "rep");
        let run = matched(&world, "operations", &run, &run["mapping"]).await;
        assert_eq!(run["preview"]["unchanged"].as_i64(), Some(3), "{run}");
        let check = qiao_store::check::check(&world.db.store).await.unwrap();
        assert_eq!(check.broken, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_run_that_was_cut_off_goes_on_and_doubles_nothing() {
    on_both(|world| async move {
        let mut file = "activity,kind,subject,owner,happened_at\n".to_owned();
        for n in 0..900 {
            file.push_str(&format!("W{n},call,电话,rep,2026-03-01\n"));
        }
        let run = begin(&world, "operations", "activities", file.as_bytes()).await.body;
        let run = matched(&world, "operations", &run, &run["mapping"]).await;
        assert_eq!(run["preview"]["created"].as_i64(), Some(900), "{run}");
        let answer = world.ask("operations", "POST", &path(&run, "/start"), None).await;
        assert_eq!(answer.body["status"], "running");
        // The worker dies in the middle.
        let state = world.state.clone();
        let worker = tokio::spawn(async move { jobs::drain(&state).await });
        let mut done = 0;
        while done == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            done = get(&world, "operations", &run).await["done"].as_i64().unwrap();
        }
        worker.abort();
        let _ = worker.await;
        let cut = get(&world, "operations", &run).await;
        assert!(cut["done"].as_i64().unwrap() < 900, "{cut}");
        // Nobody else takes it while it is claimed; then it is shown as cut off, and goes on when it is started again.
        jobs::drain(&world.state).await.unwrap();
        assert_eq!(get(&world, "operations", &run).await["status"], "running");
        world.pass(20_000);
        assert_eq!(get(&world, "operations", &run).await["interrupted"], true);
        let node = world.node().await;
        let answer = world.ask("operations", "POST", &path(&run, "/start"), None).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        jobs::drain(&node).await.unwrap();
        let run = get(&world, "operations", &run).await;
        assert_eq!(
            (run["status"].as_str(), run["created"].as_i64(), run["unchanged"].as_i64()),
            (Some("done"), Some(900), Some(0))
        );
        let size = world.get("operations", "/api/v1/exports/activities/size?kind=call").await;
        assert_eq!(size.body["rows"], 900);
        let check = qiao_store::check::check(&world.db.store).await.unwrap();
        assert_eq!((check.broken, check.facts), (Vec::<String>::new(), check.facts));
    })
    .await;
}

#[tokio::test]
async fn parents_of_the_file_are_known_to_its_preview() {
    on_both(|world| async move {
        let file = "账户,名称,上级公司\nc,丙,b\nb,乙,a\na,甲,\nd,丁,nobody\n";
        let run = begin(&world, "administrator", "accounts", file.as_bytes()).await.body;
        let mapping = json!({"columns": {"account": "账户", "name": "名称", "parent": "上级公司"}});
        let run = matched(&world, "administrator", &run, &mapping).await;
        assert_eq!(
            (run["preview"]["created"].as_i64(), run["preview"]["rejected"].as_i64()),
            (Some(3), Some(1)),
            "{run}"
        );
        let run = started(&world, "administrator", &run).await;
        assert_eq!((run["created"].as_i64(), run["rejected"].as_i64()), (Some(3), Some(1)), "{run}");
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_table_are_refused_by_name() {
    on_both(|world| async move {
        let huge = vec![b'a'; qiao_app::imports::MOST_BYTES + 1];
        let wrong: [(&str, &[u8], u16, &str); 7] = [
            ("things", b"account\nx\n", 422, "people, products"),
            ("accounts", b"account,account\nx,y\n", 400, "account"),
            ("accounts", b"account\n\xff\xfe\xff\n", 400, "2"),
            ("accounts", b"account\n", 422, "no_rows"),
            ("accounts", b"", 400, "unreadable_file"),
            ("accounts", b"a,b\n1,2,3\n", 400, "2"),
            ("accounts", &huge, 413, "too_large"),
        ];
        for (kind, file, status, part) in wrong {
            let answer = begin(&world, "operations", kind, file).await;
            assert!(answer.status.as_u16() == status && answer.text.contains(part), "{kind} {part}: {}", answer.text);
        }
        // Nothing is left of them.
        let listed = world.get("administrator", "/api/v1/import-runs").await;
        assert_eq!(listed.body["items"], json!([]));
        // A file without the column that names its records.
        let run = begin(&world, "operations", "payments", b"a,b\nx,y\n").await.body;
        let answer = world.patch("operations", &path(&run, ""), 1, json!({"columns": {"note": "a"}})).await;
        assert_eq!(answer.body["errors"][0]["pointer"], "/columns/payment", "{}", answer.text);
        assert_eq!(answer.body["errors"][0]["code"], "column_needed");
        let answer = world.patch("operations", &path(&run, ""), 1, json!({"columns": {"payment": "c"}})).await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (400, Some("mapping")), "{}", answer.text);
        let answer = world.patch("operations", &path(&run, ""), 7, json!({"columns": {"payment": "a"}})).await;
        assert_eq!(answer.status.as_u16(), 412, "{}", answer.text);
        // Before the preview there is nothing to start; the same request twice is one file.
        let answer = world.ask("operations", "POST", &path(&run, "/start"), None).await;
        assert_eq!(answer.body["code"], "import_not_ready", "{}", answer.text);
        let parts: [(&str, &str, &[u8]); 2] = [("kind", "", b"accounts"), ("file", "名.csv", b"account\nx\n")];
        let first = world.send_form("operations", "/api/v1/import-runs", &parts, Some("k")).await;
        let second = world.send_form("operations", "/api/v1/import-runs", &parts, Some("k")).await;
        assert_eq!(
            (first.body["id"].clone(), first.body["file_name"].as_str()),
            (second.body["id"].clone(), Some("名.csv"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_pasted_table_of_5000_rows_is_a_file() {
    on_both(|world| async move {
        let mut pasted = "线索编号\t姓名\t手机\t负责人\n".to_owned();
        for n in 0..5_000 {
            pasted.push_str(&format!(
                "{n:05}\t🙂{}\t138{n:08}\trep\n",
                if n == 7 { "名".repeat(300) } else { "李".to_owned() }
            ));
        }
        let run = begin(&world, "operations", "leads", pasted.as_bytes()).await.body;
        assert_eq!(run["total"], 5_000, "{run}");
        let run = matched(&world, "operations", &run, &run["mapping"]).await;
        let run = started(&world, "operations", &run).await;
        assert_eq!((run["created"].as_i64(), run["rejected"].as_i64()), (Some(4_999), Some(1)), "{run}");
        // Leading zeros are part of a number that names something.
        let lead = world.get("operations", "/api/v1/leads?external_id=00042").await;
        assert_eq!(lead.body["items"][0]["phone"], "13800000042");
    })
    .await;
}

#[tokio::test]
async fn a_run_is_its_owners_and_the_administrators() {
    on_both(|world| async move {
        let file = b"account,name\na,A\n,B\n";
        for role in Role::ALL {
            let may = matches!(role, Role::Operations | Role::Finance | Role::Administrator);
            let answer = begin(&world, role.as_str(), "accounts", file).await;
            assert_eq!(answer.status.as_u16(), if may { 201 } else { 403 }, "{role:?}");
        }
        assert_eq!(begin(&world, "nobody", "accounts", file).await.status.as_u16(), 401);
        // People and products have a permission of their own besides.
        for kind in ["people", "products"] {
            assert_eq!(begin(&world, "finance", kind, file).await.status.as_u16(), 403, "{kind}");
        }
        let run = begin(&world, "operations", "accounts", file).await.body;
        let run = matched(&world, "operations", &run, &run["mapping"]).await;
        let run = started(&world, "operations", &run).await;
        assert_eq!(run["rejected"], 1, "{run}");
        let mend = json!({"rows": [{"line": 3, "cells": ["", "B"]}]});
        for role in Role::ALL {
            let who = role.as_str();
            let sees = matches!(role, Role::Operations | Role::Administrator);
            for part in ["", "/rejected-rows", "/rejected-file", "/choices?column=owner"] {
                let answer = world.get(who, &path(&run, part)).await;
                assert_eq!(answer.status.as_u16(), if sees { 200 } else { 404 }, "{who} {part}");
            }
            let may = sees || role == Role::Finance;
            let refused = if may { 404 } else { 403 };
            for (part, body, yes) in
                [("/start", None, 409), ("/cancellation", None, 409), ("/mending", Some(mend.clone()), 200)]
            {
                let answer = world.ask(who, "POST", &path(&run, part), body).await;
                assert_eq!(answer.status.as_u16(), if sees { yes } else { refused }, "{who} {part} {}", answer.text);
                jobs::drain(&world.state).await.unwrap();
            }
            let answer = world.patch(who, &path(&run, ""), 99, json!({"columns": {"account": "account"}})).await;
            assert_eq!(answer.status.as_u16(), if sees { 412 } else { refused }, "{who} {}", answer.text);
            let listed = world.get(who, "/api/v1/import-runs").await.body["items"].as_array().unwrap().len();
            assert_eq!(
                listed,
                match role {
                    Role::Administrator => 4,
                    Role::Operations => 2,
                    Role::Finance => 1,
                    _ => 0,
                },
                "{who}"
            );
        }
        for part in ["", "/rejected-rows", "/rejected-file", "/choices?column=owner"] {
            assert_eq!(world.get("nobody", &path(&run, part)).await.status.as_u16(), 401, "{part}");
        }
        for part in ["/start", "/cancellation", "/mending"] {
            assert_eq!(world.ask("nobody", "POST", &path(&run, part), None).await.status.as_u16(), 401, "{part}");
        }
        assert_eq!(world.get("nobody", "/api/v1/import-runs").await.status.as_u16(), 401);
        // One that waits is cancelled, and what it held is taken away.
        let run = begin(&world, "operations", "accounts", file).await.body;
        let answer = world.ask("operations", "POST", &path(&run, "/cancellation"), None).await;
        assert_eq!(answer.body["status"], "cancelled", "{}", answer.text);
        jobs::drain(&world.state).await.unwrap();
        assert_eq!(world.ask("operations", "POST", &path(&run, "/start"), None).await.status.as_u16(), 409);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_permission_imports_nothing_more() {
    on_both(|world| async move {
        let run = begin(&world, "operations", "accounts", b"account,name\na,A\n").await.body;
        let run = matched(&world, "operations", &run, &run["mapping"]).await;
        let answer = world.ask("operations", "POST", &path(&run, "/start"), None).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        let users = world.get("administrator", "/api/v1/users?limit=200").await;
        let user =
            users.body["items"].as_array().unwrap().iter().find(|u| u["email"] == "operations@example.com").unwrap();
        let one = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        let read = world.get("administrator", &one).await;
        let tag = read.headers["etag"].to_str().unwrap().trim_matches('"').parse().unwrap();
        let answer = world.patch("administrator", &one, tag, json!({"role": "auditor"})).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        jobs::drain(&world.state).await.unwrap();
        let run = get(&world, "administrator", &run).await;
        assert_eq!((run["status"].as_str(), run["created"].as_i64()), (Some("failed"), Some(0)), "{run}");
    })
    .await;
}
