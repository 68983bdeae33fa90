//! Products and pipelines.

use super::*;

/// What is sold and how: everybody reads it, operations and the administrator edit it.
pub(super) async fn catalog_cases(world: &World, pipeline: &str) -> Vec<Case> {
    let editors = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Yes];
    let operations = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Forbidden];
    let planners = [Forbidden, Yes, Yes, Yes, Forbidden, Forbidden, Forbidden, Yes];
    let product = id_of(world, "/products").await;
    let line = id_of(world, "/product-lines").await;
    let found = world.get("finance", &format!("/api/v1/pipelines/{pipeline}")).await;
    let stage = found.body["stages"][0]["id"].as_str().unwrap().to_owned();
    let plan = id_of(world, "/plans").await;
    let funnel = format!("/pipelines/{pipeline}/funnel");
    let why = format!("{funnel}/explanation?stage_id={stage}&of=entered");
    let source = "code: calls_x\nfrom: 2026-01-01\nname: {zh: 电话, en: Calls}\ndescription: {zh: 电话, en: Calls}\ncategory: behaviour\ndirection: higher\ncombination: sum\nunit: count\nformula: {count: {kinds: [activity_logged]}}\n";
    let draft = "id: q\nname: Q\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {people: [rep]}\ncomponents:\n  - {id: c, name: C, basis: sale_recorded, rate: {flat: 1%}}\n";
    let mut cases = vec![
        case("POST", "/products", "/products", Some(json!({"number": "", "name": "n"})), editors),
        case("GET", "/products/{id}", &format!("/products/{product}"), None, ALL),
        case("PATCH", "/products/{id}", &format!("/products/{product}"), Some(json!({})), editors),
        case("DELETE", "/products/{id}", &format!("/products/{product}"), None, editors),
        case("POST", "/products/{id}/restoration", &format!("/products/{product}/restoration"), None, editors),
        case("GET", "/product-lines", "/product-lines", None, ALL),
        case("POST", "/product-lines", "/product-lines", Some(json!({"number": "", "name": "n"})), editors),
        case("GET", "/product-lines/{id}", &format!("/product-lines/{line}"), None, ALL),
        case("PATCH", "/product-lines/{id}", &format!("/product-lines/{line}"), Some(json!({})), editors),
        case("DELETE", "/product-lines/{id}", &format!("/product-lines/{line}"), None, editors),
        case("POST", "/product-lines/{id}/restoration", &format!("/product-lines/{line}/restoration"), None, editors),
        case("POST", "/pipelines", "/pipelines", Some(json!({"number": ""})), editors),
        case("GET", "/pipelines/{id}", &format!("/pipelines/{pipeline}"), None, ALL),
        case("PATCH", "/pipelines/{id}", &format!("/pipelines/{pipeline}"), Some(json!({})), editors),
        case(
            "POST",
            "/pipelines/{id}/stages",
            &format!("/pipelines/{pipeline}/stages"),
            Some(json!({"name": "n"})),
            editors,
        ),
        case("POST", "/stages/{id}/restoration", &format!("/stages/{stage}/restoration"), None, editors),
        case("GET", "/pipelines/{id}/funnel", &funnel, None, ALL),
        case("GET", "/pipelines/{id}/funnel/explanation", &why, None, ALL),
        case("GET", "/fact-fields", "/fact-fields", None, ALL),
        case("GET", "/metrics/{code}/versions", "/metrics/won_amount/versions", None, ALL),
        case("POST", "/metrics/previews", "/metrics/previews", Some(json!({"source": source})), operations),
        case("POST", "/plans/checks", "/plans/checks", Some(json!({"source": draft})), operations),
        case("GET", "/plans/{id}/source", &format!("/plans/{plan}/source"), None, ALL),
        case("GET", "/target-matrices", "/target-matrices?metric=won_amount&year=2026", None, ALL),
        case(
            "POST",
            "/target-changes",
            "/target-changes",
            Some(json!({"metric": "won_amount", "cells": []})),
            planners,
        ),
    ];
    for (team, expect) in [
        ("East/One", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("East/Two", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", SEES_ALL),
    ] {
        let path = format!("/target-matrices?metric=won_amount&year=2026&team_id={}", world.team(team).await);
        cases.push(case("GET", "/target-matrices", &path, None, expect));
    }
    for case in &mut cases {
        if matches!(case.method, "PATCH" | "DELETE") {
            case.if_match = Some("\"1\"");
        }
    }
    cases
}
