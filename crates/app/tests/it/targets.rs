//! The table of targets: who stands in it, and how a block of its cells changes.

use serde_json::{Value, json};

use crate::world::{World, on_both};

const TABLE: &str = "/api/v1/target-matrices?metric=won_amount&year=2026";

async fn table(world: &World, who: &str, more: &str) -> Value {
    let answer = world.get(who, &format!("{TABLE}{more}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.body
}

fn names(table: &Value) -> Vec<&str> {
    table["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

fn cell<'a>(table: &'a Value, name: &str, month: usize) -> &'a Value {
    let row = table["rows"].as_array().unwrap().iter().find(|row| row["name"] == name);
    &row.unwrap_or_else(|| panic!("{name}: {table}"))["cells"][month - 1]
}

#[tokio::test]
async fn a_table_holds_a_team_and_its_parts_in_the_scope_of_the_asker() {
    on_both(|world| async move {
        let whole = table(&world, "operations", "").await;
        assert_eq!(names(&whole)[1..], ["East", "West"]);
        assert_eq!((&whole["editable"], &whole["rows"][0]["is_whole"]), (&json!(true), &json!(true)));
        assert_eq!((whole["periods"].as_array().unwrap().len(), &whole["unit"]), (12, &json!("money")));
        let one = format!("&team_id={}", world.team("East/One").await);
        let team = table(&world, "operations", &one).await;
        assert_eq!((names(&team)[0], names(&team).len()), ("One", 5));
        // A manager begins at the own team, a rep sees the own row.
        assert_eq!(names(&table(&world, "manager", "").await)[0], "One");
        let own = table(&world, "rep", "").await;
        assert_eq!((names(&own), &own["editable"]), (vec!["陈一"], &json!(false)));
    })
    .await;
}

#[tokio::test]
async fn a_block_of_cells_is_set_changed_and_taken_back() {
    on_both(|world| async move {
        let (rep, mate) = (world.person("rep").await, world.person("mate").await);
        let one = world.team("East/One").await;
        let more = format!("&team_id={one}");
        let change = |cells: Value| json!({"metric": "won_amount", "cells": cells});
        let block = change(json!([
            {"subject": format!("person:{rep}"), "period": "2026-01", "base": "1000.00", "stretch": "1500.00"},
            {"subject": format!("person:{mate}"), "period": "2026-01", "base": "2000"},
            {"subject": format!("team:{one}"), "period": "2026-01", "base": "3500.00"},
        ]));
        let set = world.ask("manager", "POST", "/api/v1/target-changes", Some(block.clone())).await;
        assert_eq!(set.status.as_u16(), 200, "{}", set.text);
        let now = table(&world, "manager", &more).await;
        assert_eq!(
            cell(&now, "陈一", 1),
            &json!({"version": 1, "base": "1000.00", "challenge": null, "stretch": "1500.00"})
        );
        assert_eq!(cell(&now, "李二", 1)["base"], "2000.00");
        assert_eq!(cell(&now, "李二", 2)["version"], json!(null));
        // Again as if nothing were there: somebody set it meanwhile, and nothing of the block changes.
        let late = change(json!([
            {"subject": format!("person:{mate}"), "period": "2026-02", "base": "1"},
            {"subject": format!("person:{rep}"), "period": "2026-01", "base": "5"},
        ]));
        assert_eq!(world.ask("manager", "POST", "/api/v1/target-changes", Some(late)).await.status.as_u16(), 412);
        assert_eq!(table(&world, "manager", &more).await, now);
        let next =
            change(json!([{"subject": format!("person:{rep}"), "period": "2026-01", "version": 1, "base": "1200.00"}]));
        let next = world.ask("manager", "POST", "/api/v1/target-changes", Some(next)).await;
        assert_eq!(
            next.body["cells"][0],
            json!({"version": 2, "base": "1200.00", "challenge": null, "stretch": null}),
            "{}",
            next.text
        );
        // Without a base the target is taken away; the audit log knows what it was.
        let gone = change(json!([{"subject": format!("person:{rep}"), "period": "2026-01", "version": 2}]));
        let gone = world.ask("manager", "POST", "/api/v1/target-changes", Some(gone)).await;
        assert_eq!(gone.body["cells"][0]["version"], json!(null), "{}", gone.text);
        assert_eq!(cell(&table(&world, "manager", &more).await, "陈一", 1)["base"], json!(null));
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=target&limit=1").await;
        assert_eq!(
            (&log.body["items"][0]["action"], &log.body["items"][0]["before"]["version"]),
            (&json!("deleted"), &json!("2"))
        );
        // Attainment follows at once.
        let value =
            world.get("rep", &format!("/api/v1/metrics/won_amount/values?subject=person:{rep}&period=2026-01")).await;
        assert_eq!(value.body["target"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_cell_is_named_by_its_place() {
    on_both(|world| async move {
        let (rep, far) = (world.person("rep").await, world.person("far").await);
        let change = |cell: Value| json!({"metric": "won_amount", "cells": [cell]});
        for (form, pointer, code) in [
            (
                json!({"subject": format!("person:{rep}"), "period": "2026-01", "base": "many"}),
                "/cells/0/base",
                "not_money",
            ),
            (
                json!({"subject": format!("person:{rep}"), "period": "2026-01", "base": "1.001"}),
                "/cells/0/base",
                "too_many_decimals",
            ),
            (
                json!({"subject": format!("person:{rep}"), "period": "2026-13", "base": "1"}),
                "/cells/0/period",
                "not_period",
            ),
            (
                json!({"subject": format!("person:{rep}"), "period": "2026-01", "stretch": "1"}),
                "/cells/0/base",
                "required",
            ),
            // Out of the manager's scope.
            (
                json!({"subject": format!("person:{far}"), "period": "2026-01", "base": "1"}),
                "/cells/0/subject",
                "unknown_reference",
            ),
            (json!({"subject": "company", "period": "2026-01", "base": "1"}), "/cells/0/subject", "unknown_reference"),
        ] {
            let wrong = world.ask("manager", "POST", "/api/v1/target-changes", Some(change(form.clone()))).await;
            let error = &wrong.body["errors"][0];
            assert_eq!(
                (wrong.status.as_u16(), &error["pointer"], &error["code"]),
                (422, &json!(pointer), &json!(code)),
                "{form} {}",
                wrong.text
            );
        }
        let many: Vec<Value> =
            (0..201).map(|_| json!({"subject": format!("person:{rep}"), "period": "2026-01", "base": "1"})).collect();
        let many = world
            .ask("manager", "POST", "/api/v1/target-changes", Some(json!({"metric": "won_amount", "cells": many})))
            .await;
        assert_eq!(many.body["errors"][0]["code"], "too_many_rows");
        let unknown = world.get("operations", "/api/v1/target-matrices?metric=nothing&year=2026").await;
        assert_eq!(unknown.body["errors"][0]["pointer"], "/metric");
    })
    .await;
}
