//! Files as they come.

use qiao_app::exports;
use qiao_app::imports::{Kind, Mapping, read, run};

use crate::world::{World, on_both};

async fn reasons(world: &World, kind: Kind, csv: &str) -> Vec<(usize, String)> {
    let outcome = world.import(kind, csv).await;
    outcome.rejected.into_iter().map(|rejected| (rejected.line, rejected.reason)).collect()
}

#[tokio::test]
async fn wrong_rows_are_named_and_the_others_kept() {
    on_both(|world| async move {
        let csv = "opportunity,owner,stage,amount,opened_on,closed_on,currency\n\
            X1,rep,won,1.234,2026-01-01,2026-02-01,CNY\n\
            X2,rep,won,abc,2026-01-01,2026-02-01,CNY\n\
            X3,rep,won,1,2026-01-01,20026-01-05,CNY\n\
            X4,rep,won,1,2026-03-01,2026-02-01,CNY\n\
            X5,reps,won,1,2026-01-01,2026-02-01,CNY\n\
            X6,rep,wun,1,2026-01-01,2026-02-01,CNY\n\
            X7,rep,won,1,2026-01-01,,CNY\n\
            X8,rep,won,1,2026-01-01,2026-02-01,USD\n\
            X9,rep,won,1,2026-01-01,2026-02-01,CNY\n\
            X9,rep,won,2,2026-01-01,2026-02-01,CNY\n\
            ,rep,won,1,2026-01-01,2026-02-01,CNY\n";
        let outcome = world.import(Kind::Opportunities, csv).await;
        assert_eq!(outcome.created, 1);
        let said: Vec<(usize, &str)> = outcome.rejected.iter().map(|r| (r.line, r.reason.as_str())).collect();
        for (line, part) in [
            (2, "too many decimals"),
            (3, "not an amount"),
            (4, "check the year"),
            (5, "must not be before"),
            (6, "did you mean 'rep'"),
            (7, "did you mean 'won'"),
            (8, "required"),
            (9, "not the company's"),
            (11, "same record as line 10"),
            (12, "required"),
        ] {
            assert!(said.iter().any(|(l, reason)| *l == line && reason.contains(part)), "{line} {part}: {said:?}");
        }
        assert_eq!(outcome.rejected.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    on_both(|world| async move {
        let table = read(b"person,name,team\nnew,New,North/Nine\n").unwrap();
        let mapping = Mapping::plain(&table);
        let before = qiao_store::check::check(&world.db.store).await.unwrap();
        let outcome =
            run(&world.state, &world.operator, Kind::People, &table, &mapping, true, |_, _| {}).await.unwrap();
        assert_eq!((outcome.created, outcome.beside.get("teams")), (1, Some(&2)));
        assert!(world.state.books().definitions().await.unwrap().person_by_key("new").is_none());
        assert_eq!(qiao_store::check::check(&world.db.store).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn the_stages_of_a_deal_come_with_it_and_go_out_again() {
    on_both(|world| async move {
        let head = "opportunity,name,owner,stage,opened_on,closed_on,stages\n";
        let good = "H1,甲,rep,proposal,2026-01-05,,prospecting|2026-01-05;qualified|2026-01-20;proposal|2026-02-02\n\
                    H2,乙,rep,won,2026-01-05,2026-03-02,prospecting|2026-01-05;方案报价|2026/2/1\n";
        let bad = "B1,丙,rep,proposal,2026-01-05,,prospecting|2026-01-05\n\
                   B2,丁,rep,proposal,2026-01-05,,proposal|2026-01-04\n\
                   B3,戊,rep,proposal,2026-01-05,,proposal|2099-01-04\n\
                   B4,己,rep,proposal,2026-01-05,,nowhere|2026-01-06;proposal|2026-01-07\n";
        let outcome = world.import(Kind::Opportunities, &format!("{head}{good}{bad}")).await;
        assert_eq!((outcome.created, outcome.rejected.len()), (2, 4), "{:?}", outcome.rejected);
        let deal = world.get("rep", "/api/v1/opportunities?external_id=H1").await.body["items"][0].clone();
        // Midnight in the company's zone.
        assert_eq!(deal["stage_entered_at"], "2026-02-01T16:00:00.000Z");
        let pipeline = world.get("rep", "/api/v1/pipelines").await.body["items"][0]["id"].clone();
        let path = format!("/api/v1/pipelines/{}/funnel?from=2026-01-01&to=2026-03-10", pipeline.as_str().unwrap());
        let funnel = world.get("rep", &path).await;
        let stages = funnel.body["stages"].as_array().unwrap();
        let entered =
            |code: &str| stages.iter().find(|stage| stage["code"] == code).unwrap()["entered"]["value"].clone();
        assert_eq!(
            (entered("qualified"), entered("proposal")),
            (serde_json::json!("1"), serde_json::json!("2")),
            "{}",
            funnel.text
        );
        let mut file = Vec::new();
        let rows = exports::Rows::all(exports::Kind::Records(Kind::Opportunities), None);
        exports::export(&world.state, &world.operator, rows, exports::Out::Write(&mut file)).await.unwrap();
        let file = String::from_utf8(file).unwrap();
        assert!(file.contains("prospecting|2026-01-05;qualified|2026-01-20;proposal|2026-02-02"), "{file}");
        assert!(file.contains("prospecting|2026-01-05;proposal|2026-02-01;won|2026-03-02"), "{file}");
        // Once it is here it is followed here: the same file changes nothing.
        let again = world.import(Kind::Opportunities, &format!("{head}{good}")).await;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 2));
    })
    .await;
}

#[tokio::test]
async fn what_is_exported_comes_back_unchanged() {
    on_both(|world| async move {
        world.import(Kind::Products, "product,product_line,list_price\nGTX Pro,GTX,4821\nMG Special,MG,55.50\n").await;
        world.import(Kind::Accounts, "account,parent,region,revenue\nChild,Parent,华东,\nParent,,华东,\"1,100.04\"\n").await;
        world
            .import(Kind::Opportunities, "opportunity,account,owner,product,stage,amount,opened_on\nE1,Child,rep,GTX Pro,proposal,\"4,821.00\",2026/2/3\n")
            .await;
        for (kind, csv) in [
            (Kind::Contacts, "contact,name,account,decision_role,owner\nC1,张总,Child,decider,rep\n"),
            (Kind::Leads, "lead,name,status,created_on,converted_on,account,owner\nL1,李,converted,2026-02-01,2026-02-09,Child,rep\n"),
            (
                Kind::Contracts,
                "contract,number,account,opportunity,owner,contract_kind,signed_on,service_from,service_to,lines,splits,schedule,parent\n\
                 K2,HT-2,Child,,rep,renewal,2026-03-02,,,MG Special|1|10,,,K1\n\
                 K1,HT-1,Child,E1,rep,new,2026-02-20,2026-03-01,2027-02-28,GTX Pro|2|4800.00|0.13|4821.00|3000;MG Special|1|55.50,\
                 rep|owner|0.6;mate|owner|40%;far|presales|0.1|2026-03-01,2026/3/10|5000;2026-06-10|4655.50|尾款\n",
            ),
            (
                Kind::Payments,
                "payment,contract,kind,received_on,amount,refers_to,reversed\nP2,K1,refund,2026-03-12,500.00,P1,\n\
                 P1,K1,,2026-03-01,6000.00,,\nP3,K1,payment,2026-03-02,1.00,,true\n",
            ),
            (
                Kind::Invoices,
                "invoice,number,contract,kind,issued_on,amount,amount_excl_tax\nF1,FP-1,K1,,2026-03-02,565.00,500.00\n\
                 F2,,HT-1,credit_note,2026/3/5,113,\n",
            ),
            (
                Kind::Orders,
                "sales_order,number,account,contract,owner,sold_on,channel,status,product,quantity,amount,cost\n\
                 O1,DD-1,Child,K1,rep,2026-03-01,网店,delivered,GTX Pro,2.5,\"1,200.00\",800\nO2,,,,rep,2026/3/9,,cancelled,,,9,\n",
            ),
            (Kind::Deliveries, "delivery,order,delivered_on,quantity,place,note\nS1,O1,2026-03-03,1.5,上海,先到\nS2,DD-1,2026-03-04,1,,\n"),
            (
                Kind::Activities,
                "activity,kind,subject,owner,account,opportunity,happened_at,outcome,next_step\n\
                 V1,visit,拜访,rep,Child,E1,2026-03-01T10:00:00+08:00,好,报价\nV2,call,电话,rep,,,2026/3/2,,\n",
            ),
            (Kind::Targets, "metric,subject,period,base,stretch\nwon_amount,rep,2026-03,100.00,\nvisits,team:East,2026-Q1,30,40.5\n"),
        ] {
            let outcome = world.import(kind, csv).await;
            assert_eq!(outcome.rejected, [], "{kind:?}");
        }
        for kind in Kind::ALL {
            let mut file = Vec::new();
            exports::export(&world.state, &world.operator, exports::Rows::all(exports::Kind::Records(kind), None), exports::Out::Write(&mut file)).await.unwrap();
            let text = String::from_utf8(file).unwrap();
            let outcome = world.import(kind, &text).await;
            let rows = text.lines().count() - 1;
            assert_eq!((outcome.unchanged, outcome.rejected.len()), (rows, 0), "{kind:?}\n{text}\n{outcome:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn invoices_orders_and_deliveries_of_a_file_are_checked_like_forms() {
    on_both(|world| async move {
        let contract = "contract,account,owner,signed_on,amount\nK1,Child,rep,2026-02-20,1000\n";
        world.import(Kind::Accounts, "account\nChild\n").await;
        assert_eq!(world.import(Kind::Contracts, contract).await.created, 1);
        let orders = "sales_order,owner,sold_on,quantity,amount,currency\nO1,rep,2026-03-01,2,10,CNY\nO2,rep,,2,10,\nO3,rep,2026-03-01,0,10,\n\
            O4,rep,2026-03-01,1,,\nO5,rep,2026-03-01,1,10,USD\n";
        let invoices = "invoice,contract,issued_on,amount,amount_excl_tax\nF1,K1,2026-03-01,10,9\nF2,,2026-03-01,10,9\nF3,K1,,10,9\n\
            F4,K1,2026-03-01,-10,\nF5,K1,2026-03-01,10,11\nF6,K9,2026-03-01,10,\n";
        let deliveries = "delivery,order,delivered_on,quantity\nS1,O1,2026-03-02,1.5\nS2,O1,2026-03-03,1\nS3,O9,2026-03-03,1\n";
        for (kind, csv, wrong) in [
            (Kind::Orders, orders, [(3, "required"), (4, "above zero"), (5, "required"), (6, "not the company's")].as_slice()),
            (Kind::Invoices, invoices, &[(3, "required"), (4, "required"), (5, "above zero"), (6, "more than"), (7, "There is no")]),
            (Kind::Deliveries, deliveries, &[(3, "more than"), (4, "There is no")]),
        ] {
            let said = reasons(&world, kind, csv).await;
            for (line, part) in wrong {
                assert!(said.iter().any(|(at, reason)| at == line && reason.contains(part)), "{kind:?} {line} {part}: {said:?}");
            }
            assert_eq!(said.len(), wrong.len(), "{said:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_near_miss_is_offered_never_taken() {
    on_both(|world| async move {
        world.import(Kind::Products, "product\nGTX Pro\n").await;
        let csv = "opportunity,owner,product,stage\nN1,rep,GTXPro,proposal\n";
        let said = reasons(&world, Kind::Opportunities, csv).await;
        assert!(said[0].1.contains("did you mean 'GTX Pro'"), "{said:?}");
        let table = read(csv.as_bytes()).unwrap();
        let mapping = "columns: {opportunity: opportunity, owner: owner, product: product, stage: stage}\naliases: {product: {GTXPro: GTX Pro}}\n";
        let mapping = Mapping::parse(mapping).unwrap();
        let outcome = run(&world.state, &world.operator, Kind::Opportunities, &table, &mapping, false, |_, _| {}).await.unwrap();
        assert_eq!(outcome.created, 1);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_is_refused_whole() {
    on_both(|world| async move {
        let table = read(b"a,b\n1,2\n").unwrap();
        for (mapping, part) in [
            ("columns: {opportunity: c}", "no column 'c'"),
            ("columns: {nothing: a}", "not one of our columns"),
            ("scale: {amount: big}", "not a number"),
        ] {
            let mapping = Mapping::parse(mapping).unwrap();
            let error = run(&world.state, &world.operator, Kind::Opportunities, &table, &mapping, false, |_, _| {})
                .await
                .unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(Mapping::parse("columns: [a]").unwrap_err().contains("line 1"));
    })
    .await;
}

#[tokio::test]
async fn people_move_teams_from_today_on() {
    on_both(|world| async move {
        world.import(Kind::People, "person,team,role\nrep,West/Three,rep\n").await;
        let definitions = world.state.books().definitions().await.unwrap();
        let person = definitions.person_by_key("rep").unwrap().id;
        let path = |day: &str| {
            let team = definitions.membership_on(person, day.parse().unwrap()).unwrap().team;
            definitions.teams[&team].path.clone()
        };
        assert_eq!((path("2026-03-18").as_str(), path("2026-03-19").as_str()), ("East/One", "West/Three"));
        // What was won before the move stays with the old team.
        let team = world.team("East/One").await;
        let won = world
            .get("finance", &format!("/api/v1/metrics/won_amount/values?subject=team:{team}&period=2026-03"))
            .await;
        assert_eq!(won.body["total"]["value"], "3000.00");
    })
    .await;
}

/// A request with a file in parts.
async fn upload(world: &World, who: &str, parts: &[(&str, &[u8])], key: Option<&str>) -> crate::world::Answer {
    let mut body = Vec::new();
    for (name, value) in parts {
        let file = if *name == "file" { "; filename=\"f.csv\"" } else { "" };
        body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*value);
        body.extend(b"\r\n");
    }
    body.extend(b"--xx--\r\n");
    let mut request = axum::http::Request::post("/api/v1/imports")
        .header("accept-language", "en")
        .header("content-type", "multipart/form-data; boundary=xx");
    if let Some(token) = world.tokens.get(who) {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    world.send(request.body(axum::body::Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_file_through_the_api() {
    on_both(|world| async move {
        let file: &[u8] = b"Id,Name\nQ1,One\nQ2,\n,Three\n";
        let mapping: &[u8] = b"columns: {account: Id, name: Name}\n";
        let parts: [(&str, &[u8]); 3] = [("kind", b"accounts"), ("mapping", mapping), ("file", file)];
        let dry = upload(&world, "operations", &[parts[0], parts[1], parts[2], ("dry_run", b"true")], None).await;
        assert_eq!((dry.body["created"].as_i64(), dry.status.as_u16()), (Some(2), 200), "{}", dry.text);
        let first = upload(&world, "operations", &parts, Some("k")).await;
        assert_eq!((first.body["created"].as_i64(), first.body["rejected"][0]["line"].as_i64()), (Some(2), Some(4)));
        // The same request is answered as the first time; the same file anew changes nothing.
        assert_eq!(upload(&world, "operations", &parts, Some("k")).await.body, first.body);
        let again = upload(&world, "operations", &parts, None).await;
        assert_eq!((again.body["created"].as_i64(), again.body["unchanged"].as_i64()), (Some(0), Some(2)));
        let other: [(&str, &[u8]); 2] = [("kind", b"accounts"), ("file", b"account\nQ9\n")];
        assert_eq!(upload(&world, "operations", &other, Some("k")).await.body["code"], "idempotency_key_reused");
        for role in ["rep", "manager", "director", "hr", "auditor"] {
            assert_eq!(upload(&world, role, &parts, None).await.status.as_u16(), 403, "{role}");
        }
        assert_eq!(upload(&world, "nobody", &parts, None).await.status.as_u16(), 401);
        assert_eq!(upload(&world, "finance", &parts, None).await.status.as_u16(), 200);
        assert_eq!(upload(&world, "administrator", &parts, None).await.status.as_u16(), 200);
        for (wrong, status, part) in [
            (vec![("kind", b"things".as_slice()), ("file", file)], 422, "people, products"),
            (vec![("kind", b"accounts")], 422, "required"),
            (vec![("kind", b"accounts"), ("file", b"a,a\n1,2\n")], 400, "“a”重复"),
            (vec![("kind", b"accounts"), ("file", b"account\n\xff\xfe\xff\n")], 400, "第 2 行"),
            (vec![("kind", b"accounts"), ("file", file), ("mapping", b"columns: [a]")], 400, "line 1"),
            (vec![("kind", b"accounts"), ("more", b"x"), ("file", file)], 422, "unknown_field"),
        ] {
            let answer = upload(&world, "operations", &wrong, None).await;
            assert!(answer.status.as_u16() == status && answer.text.contains(part), "{part}: {}", answer.text);
        }
        let huge = vec![b'a'; qiao_app::imports::MOST_BYTES + 1];
        let answer = upload(&world, "operations", &[("kind", b"accounts"), ("file", &huge)], None).await;
        assert_eq!(answer.status.as_u16(), 413, "{}", answer.text);
        let json = world.ask("operations", "POST", "/api/v1/imports", Some(serde_json::json!({}))).await;
        assert_eq!(json.status.as_u16(), 415, "{}", json.text);
    })
    .await;
}

#[tokio::test]
async fn ids_of_another_system_may_look_like_ours() {
    on_both(|world| async move {
        let csv = "account,name\n7f0c1f2e-0000-4000-8000-00000000000a,甲\n7F0C1F2E000040008000000000000B0C,乙\n";
        assert_eq!(world.import(Kind::Accounts, csv).await.created, 2);
        let again = world.import(Kind::Accounts, csv).await;
        assert_eq!((again.created, again.unchanged, again.rejected.len()), (0, 2, 0), "{:?}", again.rejected);
        let deals = "opportunity,account,owner,stage,opened_on\nG1,7f0c1f2e-0000-4000-8000-00000000000a,rep,proposal,2026-03-01\n";
        assert_eq!(world.import(Kind::Opportunities, deals).await.created, 1);
    })
    .await;
}
