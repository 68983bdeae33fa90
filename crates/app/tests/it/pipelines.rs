//! Pipelines, stages and their rules, as operations edits them, and what that does to deals; the funnel.

use serde_json::{Value, json};

use crate::world::{World, on_both};

/// The company's first pipeline.
async fn pipeline(world: &World) -> Value {
    world.get("operations", "/api/v1/pipelines").await.body["items"][0].clone()
}

fn stage(pipeline: &Value, code: &str) -> String {
    let found = pipeline["stages"].as_array().unwrap().iter().find(|stage| stage["code"] == code);
    found.unwrap_or_else(|| panic!("{code}: {pipeline}"))["id"].as_str().unwrap().to_owned()
}

fn codes(pipeline: &Value) -> Vec<String> {
    let stages = pipeline["stages"].as_array().unwrap().iter();
    stages.map(|stage| stage["code"].as_str().unwrap().to_owned()).collect()
}

async fn version(world: &World, pipeline: &Value) -> i64 {
    let path = format!("/api/v1/pipelines/{}", pipeline["id"].as_str().unwrap());
    world.get("operations", &path).await.body["version"].as_i64().unwrap()
}

async fn delete(world: &World, who: &str, path: &str, version: i64) -> crate::world::Answer {
    world.ask_with(who, "DELETE", path, None, &[("if-match", &format!("\"{version}\""))]).await
}

#[tokio::test]
async fn stages_are_added_renamed_moved_and_put_away() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let id = first["id"].as_str().unwrap();
        let form = json!({"name": "技术评审", "position": 2, "probability": "0.3", "required": ["amount", "contact"]});
        let with = world.made("operations", &format!("/api/v1/pipelines/{id}/stages"), form).await;
        assert_eq!(codes(&with)[..3], ["prospecting", "open", "qualified"]);
        assert_eq!(with["stages"][1]["required"], json!(["contact", "amount"]));
        let added = stage(&with, "open");
        let path = format!("/api/v1/stages/{added}");
        let moved = world.patch("operations", &path, 2, json!({"name": "方案评审", "position": 4})).await;
        assert_eq!(moved.status.as_u16(), 200, "{}", moved.text);
        assert_eq!(codes(&moved.body)[..4], ["prospecting", "qualified", "proposal", "open"]);
        assert_eq!(moved.body["stages"][3]["name"], "方案评审");
        // Another editor with the old version is told so, whichever stage he edits.
        let other = format!("/api/v1/stages/{}", stage(&moved.body, "proposal"));
        assert_eq!(world.patch("operations", &other, 2, json!({"name": "x"})).await.status.as_u16(), 412);
        let gone = delete(&world, "operations", &path, 3).await;
        assert_eq!(gone.status.as_u16(), 200, "{}", gone.text);
        assert_eq!((codes(&gone.body).len(), &gone.body["archived_stages"][0]["code"]), (6, &json!("open")));
        let back = world.ask("operations", "POST", &format!("{path}/restoration"), None).await;
        assert_eq!(codes(&back.body).len(), 7);
        let log = world.get("auditor", &format!("/api/v1/audit-entries?record_type=stage&record_id={added}")).await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_stage_is_named_and_changes_nothing() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let id = first["id"].as_str().unwrap();
        let add = format!("/api/v1/pipelines/{id}/stages");
        let won = format!("/api/v1/stages/{}", stage(&first, "won"));
        for (path, form, code) in [
            (&add, json!({"name": ""}), "required"),
            (&add, json!({"name": "x", "code": "won"}), "already_used"),
            (&add, json!({"name": "x", "code": "Big Deal"}), "not_code"),
            (&add, json!({"name": "x", "kind": "half"}), "not_a_choice"),
            (&add, json!({"name": "x", "probability": "2"}), "out_of_range"),
            (&add, json!({"name": "x", "required": ["shoe_size"]}), "not_a_choice"),
        ] {
            let wrong = world.ask("operations", "POST", path, Some(form.clone())).await;
            assert_eq!(
                (wrong.status.as_u16(), &wrong.body["errors"][0]["code"]),
                (422, &json!(code)),
                "{form} {}",
                wrong.text
            );
        }
        for (form, code) in [(json!({"kind": "open"}), "stage_used"), (json!({"code": "w"}), "fixed_code")] {
            let wrong = world.patch("operations", &won, 1, form).await;
            assert_eq!(wrong.body["errors"][0]["code"], code, "{}", wrong.text);
        }
        let lost = format!("/api/v1/stages/{}", stage(&first, "lost"));
        assert_eq!(delete(&world, "operations", &lost, 1).await.body["errors"][0]["code"], "last_stage");
        let taken = json!({"name": first["name"]});
        let taken = world.ask("operations", "POST", "/api/v1/pipelines", Some(taken)).await;
        assert_eq!(taken.body["errors"][0]["code"], "already_used");
        assert_eq!(
            delete(&world, "operations", &format!("/api/v1/pipelines/{id}"), 1).await.body["code"],
            "last_pipeline"
        );
        assert_eq!(pipeline(&world).await, first);
    })
    .await;
}

#[tokio::test]
async fn a_second_pipeline_has_stages_of_its_own() {
    on_both(|world| async move {
        let made = world.made("operations", "/api/v1/pipelines", json!({"name": "续约"})).await;
        assert_eq!(codes(&made), ["open", "won-2", "lost-2"]);
        let id = made["id"].as_str().unwrap();
        let deal = json!({"name": "x", "pipeline_id": id, "amount": {"amount": "5.00"}});
        let deal = world.made("rep", "/api/v1/opportunities", deal).await;
        assert_eq!(deal["stage_id"].as_str().unwrap(), stage(&made, "open"));
        let path = format!("/api/v1/pipelines/{id}");
        let refused = delete(&world, "operations", &path, 1).await;
        assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("pipeline_has_deals")));
        assert!(refused.body["detail"].as_str().unwrap().contains("1 个进行中"), "{}", refused.text);
        let won = format!("/api/v1/opportunities/{}", deal["id"].as_str().unwrap());
        assert_eq!(world.patch("rep", &won, 1, json!({"stage_id": "won-2"})).await.body["status"], "won");
        let gone = delete(&world, "operations", &path, version(&world, &made).await).await;
        assert_eq!(gone.status.as_u16(), 200, "{}", gone.text);
        assert_eq!(world.get("rep", "/api/v1/pipelines").await.body["items"].as_array().unwrap().len(), 1);
        let back = world.ask("operations", "POST", &format!("{path}/restoration"), None).await;
        assert_eq!(back.body["archived"], false, "{}", back.text);
    })
    .await;
}

#[tokio::test]
async fn a_stage_with_deals_goes_away_when_they_have_a_place_to_go() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let (from, to) = (stage(&first, "qualified"), stage(&first, "proposal"));
        for owner in ["rep", "far"] {
            let owner = world.person(owner).await;
            let deal = json!({"name": "x", "owner_id": owner, "stage_id": "qualified", "amount": {"amount": "5.00"}});
            world.made("operations", "/api/v1/opportunities", deal).await;
        }
        let path = format!("/api/v1/stages/{from}");
        let refused = delete(&world, "operations", &path, 1).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["code"]),
            (409, &json!("stage_has_deals")),
            "{}",
            refused.text
        );
        assert!(refused.body["detail"].as_str().unwrap().contains("2 个进行中"), "{}", refused.text);
        let nowhere = delete(&world, "operations", &format!("{path}?move_to={}", stage(&first, "won")), 1).await;
        assert_eq!(nowhere.body["errors"][0]["pointer"], "/move_to");
        // What the other stage requires holds here, too.
        let rule =
            world.patch("operations", &format!("/api/v1/stages/{to}"), 1, json!({"required": ["contact"]})).await;
        assert_eq!(rule.status.as_u16(), 200, "{}", rule.text);
        let lacking = delete(&world, "operations", &format!("{path}?move_to={to}"), 2).await;
        assert_eq!(lacking.body["code"], "stage_lacks", "{}", lacking.text);
        world.patch("operations", &format!("/api/v1/stages/{to}"), 2, json!({"required": []})).await;
        let gone = delete(&world, "operations", &format!("{path}?move_to={to}"), 3).await;
        assert_eq!(gone.status.as_u16(), 200, "{}", gone.text);
        let moved = world.get("operations", &format!("/api/v1/opportunities?stage_id={to}")).await;
        assert_eq!(moved.body["items"].as_array().unwrap().len(), 2);
        // Each move is a fact of its own.
        let entered =
            world.get("operations", &format!("/api/v1/pipelines/{}/funnel", first["id"].as_str().unwrap())).await;
        let proposal =
            entered.body["stages"].as_array().unwrap().iter().find(|s| s["code"] == "proposal").unwrap().clone();
        assert_eq!((&proposal["entered"]["value"], &proposal["count"]), (&json!("2"), &json!(2)), "{}", entered.text);
    })
    .await;
}

#[tokio::test]
async fn a_deal_without_what_a_stage_requires_does_not_enter_it() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let proposal = stage(&first, "proposal");
        let deal = world.made("rep", "/api/v1/opportunities", json!({"name": "x", "stage_id": "qualified"})).await;
        let path = format!("/api/v1/opportunities/{}", deal["id"].as_str().unwrap());
        let rule = json!({"required": ["amount", "next_step"]});
        let rule = world.patch("operations", &format!("/api/v1/stages/{proposal}"), 1, rule).await;
        assert_eq!(rule.status.as_u16(), 200, "{}", rule.text);
        // The board sends the stage alone.
        let refused = world.patch("rep", &path, 1, json!({"stage_id": proposal})).await;
        let errors = refused.body["errors"].as_array().unwrap();
        let places: Vec<_> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!((refused.status.as_u16(), places), (422, vec!["/amount", "/next_step"]), "{}", refused.text);
        assert_eq!(errors[0]["code"], "stage_requires");
        assert!(errors[0]["detail"].as_str().unwrap().contains("方案报价"), "{}", refused.text);
        // The form sends what is missing along.
        let whole = json!({"stage_id": proposal, "amount": {"amount": "9.00"}, "next_step": "寄方案"});
        assert_eq!(world.patch("rep", &path, 1, whole).await.body["version"], 2);
        // On the stage it keeps what it has; what has nothing to do with it may be changed.
        let emptied = world.patch("rep", &path, 2, json!({"next_step": null})).await;
        assert_eq!(emptied.body["errors"][0]["pointer"], "/next_step", "{}", emptied.text);
        assert_eq!(world.patch("rep", &path, 2, json!({"competitor": "y"})).await.status.as_u16(), 200);
        // A new deal and a file are held to it as well.
        let new =
            world.ask("rep", "POST", "/api/v1/opportunities", Some(json!({"name": "y", "stage_id": proposal}))).await;
        assert_eq!(new.body["errors"].as_array().unwrap().len(), 2, "{}", new.text);
        let file = "opportunity,name,owner,stage,amount\nX1,甲,rep,proposal,\nX2,乙,rep,qualified,\n";
        let outcome = world.import(qiao_app::imports::Kind::Opportunities, file).await;
        assert_eq!((outcome.created, outcome.rejected.len()), (1, 1), "{:?}", outcome.rejected);
        // A deal that stood on the stage before the rule came is left in peace.
        let old = world.made("rep", "/api/v1/opportunities", json!({"name": "z", "stage_id": "qualified"})).await;
        let qualified = format!("/api/v1/stages/{}", stage(&first, "qualified"));
        world.patch("operations", &qualified, 2, json!({"required": ["contact"]})).await;
        let path = format!("/api/v1/opportunities/{}", old["id"].as_str().unwrap());
        assert_eq!(world.patch("rep", &path, 1, json!({"competitor": "y"})).await.status.as_u16(), 200);
        // When it goes on, or is won, it must have what the stage asks; back and lost it may go.
        for (to, status) in [("negotiation", 422), ("won", 422), ("prospecting", 200), ("lost", 200)] {
            let deal = world.get("rep", &path).await.body;
            let moved = world.patch("rep", &path, deal["version"].as_i64().unwrap(), json!({"stage_id": to})).await;
            assert_eq!(moved.status.as_u16(), status, "{to} {}", moved.text);
            if status == 422 {
                let error = &moved.body["errors"][0];
                assert_eq!((&error["pointer"], &error["code"]), (&json!("/contact_id"), &json!("stage_requires")));
                assert!(error["detail"].as_str().unwrap().contains("需求确认"), "{}", moved.text);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_edit() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let id = first["id"].as_str().unwrap();
        let proposal = stage(&first, "proposal");
        for who in ["rep", "manager", "director", "finance", "hr", "auditor"] {
            for path in [format!("/api/v1/stages/{proposal}"), format!("/api/v1/pipelines/{id}")] {
                assert_eq!(delete(&world, who, &path, 1).await.status.as_u16(), 403, "{who} {path}");
                assert_eq!(world.patch(who, &path, 1, json!({"name": "x"})).await.status.as_u16(), 403, "{who} {path}");
            }
            let back = format!("/api/v1/pipelines/{id}/restoration");
            assert_eq!(world.ask(who, "POST", &back, None).await.status.as_u16(), 403, "{who}");
        }
        for path in [format!("/api/v1/stages/{proposal}"), format!("/api/v1/pipelines/{id}")] {
            assert_eq!(delete(&world, "nobody", &path, 1).await.status.as_u16(), 401);
            assert_eq!(world.ask("operations", "DELETE", &path, None).await.status.as_u16(), 428);
        }
        let renamed =
            world.patch("administrator", &format!("/api/v1/pipelines/{id}"), 1, json!({"name": "直销"})).await;
        assert_eq!(renamed.body["name"], "直销", "{}", renamed.text);
    })
    .await;
}

#[tokio::test]
async fn the_funnel_counts_who_went_on_in_time() {
    on_both(|world| async move {
        let first = pipeline(&world).await;
        let id = first["id"].as_str().unwrap();
        let (rep, near) = (world.person("rep").await, world.person("near").await);
        let mut deals = Vec::new();
        for owner in [rep, rep, near] {
            let deal = json!({"name": "x", "owner_id": owner, "stage_id": "qualified", "amount": {"amount": "5.00"}});
            deals
                .push(world.made("operations", "/api/v1/opportunities", deal).await["id"].as_str().unwrap().to_owned());
        }
        let go = |deal: &str, stage: &str| (format!("/api/v1/opportunities/{deal}"), json!({"stage_id": stage}));
        let (path, form) = go(&deals[0], "negotiation");
        assert_eq!(world.patch("operations", &path, 1, form).await.status.as_u16(), 200);
        let (path, form) = go(&deals[2], "lost");
        assert_eq!(world.patch("operations", &path, 1, form).await.status.as_u16(), 200);
        let number = |body: &Value, code: &str, what: &str| {
            let stages = body["stages"].as_array().unwrap();
            stages.iter().find(|stage| stage["code"] == code).unwrap()[what]["value"].clone()
        };
        let all = world.get("operations", &format!("/api/v1/pipelines/{id}/funnel?days=10")).await.body;
        assert_eq!(
            (number(&all, "qualified", "entered"), number(&all, "qualified", "went_on")),
            (json!("3"), json!("1"))
        );
        assert_eq!(number(&all, "qualified", "conversion"), "0.3333");
        // The scope of the asker, and what narrows it.
        let own = world.get("rep", &format!("/api/v1/pipelines/{id}/funnel?days=10")).await.body;
        assert_eq!(
            (number(&own, "qualified", "entered"), number(&own, "qualified", "conversion")),
            (json!("2"), json!("0.5"))
        );
        let narrow = world.get("director", &format!("/api/v1/pipelines/{id}/funnel?owner_id={near}")).await.body;
        assert_eq!(number(&narrow, "qualified", "entered"), "1");
        let foreign = world.get("rep", &format!("/api/v1/pipelines/{id}/funnel?owner_id={near}")).await.body;
        assert_eq!(number(&foreign, "qualified", "entered"), "0");
        // Each number has its reason, in the same scope.
        let stages = own["stages"].as_array().unwrap();
        let qualified = stages.iter().find(|stage| stage["code"] == "qualified").unwrap();
        let why = world.get("rep", qualified["conversion"]["why"].as_str().unwrap()).await;
        assert_eq!(
            (&why.body["figure"]["value"], why.body["facts"].as_array().unwrap().len()),
            (&json!("0.5"), 2),
            "{}",
            why.text
        );
        let below = why.body["arithmetic"][1]["why"].as_str().unwrap();
        assert_eq!(world.get("rep", below).await.body["figure"]["value"], "1");
        // After the days it is no longer in time.
        world.pass(11 * 86_400_000);
        let (path, form) = go(&deals[1], "proposal");
        assert_eq!(world.patch("operations", &path, 1, form).await.status.as_u16(), 200);
        let late = world.get("rep", &format!("/api/v1/pipelines/{id}/funnel?days=10")).await.body;
        assert_eq!(number(&late, "qualified", "went_on"), "1");
        let longer = world.get("rep", &format!("/api/v1/pipelines/{id}/funnel?days=20")).await.body;
        assert_eq!(number(&longer, "qualified", "went_on"), "2");
        for (query, code) in [("days=0", "out_of_range"), ("from=2026-03-02&to=2026-03-01", "before")] {
            let wrong = world.get("rep", &format!("/api/v1/pipelines/{id}/funnel?{query}")).await;
            assert_eq!(wrong.body["errors"][0]["code"], code, "{}", wrong.text);
        }
    })
    .await;
}
