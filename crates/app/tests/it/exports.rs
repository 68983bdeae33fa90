//! Files out: what a list shows, as a file.

use qiao_app::imports::Kind;

use crate::world::{World, on_both};

async fn lines(world: &World, who: &str, path: &str) -> Vec<String> {
    let answer = world.get(who, &format!("/api/v1/exports/{path}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
    answer.text.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_file_has_what_the_list_has_and_nothing_else() {
    on_both(|world| async move {
        assert_eq!(lines(&world, "operations", "opportunities").await.len(), 4);
        for who in ["manager", "director", "finance"] {
            for filter in [
                "",
                "?amount_from=1500",
                "?status=won&sort=-amount",
                "?sort=amount",
                "?text=%E4%B8%80%E6%9C%9F&sort=closed_on",
                "?archived=true",
            ] {
                let listed = world.get(who, &format!("/api/v1/opportunities{filter}")).await;
                let mut listed: Vec<String> = listed.body["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["external_id"].as_str().unwrap().to_owned())
                    .collect();
                let mut file = lines(&world, who, &format!("opportunities{filter}")).await;
                let size = world.get(who, &format!("/api/v1/exports/opportunities/size{filter}")).await;
                assert_eq!(size.body["rows"].as_u64(), Some(listed.len() as u64), "{who} {filter}");
                if !filter.contains("sort") {
                    listed.sort();
                    file.sort();
                }
                assert_eq!(file, listed, "{who} {filter}");
            }
        }
        // Another's rows are never in it, whatever the filter asks for.
        let far = world.person("far").await;
        assert_eq!(lines(&world, "manager", &format!("opportunities?owner_id={far}")).await, Vec::<String>::new());
        for (filter, code) in
            [("?nothing=1", "unknown_field"), ("?sort=name", "unknown_sort"), ("?amount_from=x", "not_money")]
        {
            for path in ["opportunities", "opportunities/size"] {
                let answer = world.get("finance", &format!("/api/v1/exports/{path}{filter}")).await;
                assert_eq!(
                    (answer.status.as_u16(), answer.body["errors"][0]["code"].as_str()),
                    (422, Some(code)),
                    "{path}{filter}"
                );
            }
        }
        for (who, status) in [("rep", 403), ("auditor", 403), ("nobody", 401)] {
            assert_eq!(
                world.get(who, "/api/v1/exports/opportunities?status=won").await.status.as_u16(),
                status,
                "{who}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn evil_names_are_harmless_in_a_file_and_come_back() {
    on_both(|world| async move {
        let evil = ["=HYPERLINK(\"http://x\",\"y\")", "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "'=x", "''@y", "x\ny", "a,b\"c"];
        for (n, name) in evil.iter().enumerate() {
            let form = serde_json::json!({"name": name, "external_id": format!("E{n}"), "note": name, "phone": "+86 138 0013 8000"});
            world.made("rep", "/api/v1/leads", form).await;
        }
        world.import(Kind::Accounts, "account,revenue\nEA,-1234.50\n").await;
        let file = world.get("operations", "/api/v1/exports/leads").await.text;
        let mut reader = csv_reader(&file);
        let mut seen = 0;
        for record in reader.by_ref() {
            for cell in record {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
            seen += 1;
        }
        assert_eq!(seen, evil.len());
        let accounts = world.get("operations", "/api/v1/exports/accounts").await.text;
        assert!(accounts.contains(",-1234.50,"), "{accounts}");
        for (kind, text, rows) in [(Kind::Leads, file, evil.len()), (Kind::Accounts, accounts, 1)] {
            let outcome = world.import(kind, &text).await;
            assert_eq!((outcome.unchanged, outcome.rejected.len()), (rows, 0), "{kind:?} {outcome:?}\n{text}");
        }
    })
    .await;
}

/// The rows of a file without its header.
fn csv_reader(text: &str) -> impl Iterator<Item = Vec<String>> + use<> {
    qiao_app::imports::read(text.as_bytes()).unwrap().rows.into_iter().map(|(_, cells)| cells)
}

#[tokio::test]
async fn a_long_file_comes_whole() {
    on_both(|world| async move {
        let mut csv = "activity,kind,subject,owner,happened_at\n".to_owned();
        for n in 0..4_500 {
            csv.push_str(&format!("V{n:05},call,电话,rep,2026-03-01\n"));
        }
        world.import(Kind::Activities, &csv).await;
        let mut file = lines(&world, "operations", "activities?sort=happened_at").await;
        file.sort();
        file.dedup();
        assert_eq!(file.len(), 4_500);
    })
    .await;
}
