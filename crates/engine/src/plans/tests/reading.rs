//! Plan files: mistakes with their lines, both ways, in words.

use super::*;
use crate::node::Problem;
use crate::words::Locale;

const EAST: &str = "\
id: east
name: {zh: 华东直销提成方案, en: East direct sales}
currency: CNY
period: month
from: 2026-01-01
who: {teams: [East]}
components:
  - id: commission
    basis: contract_signed
    measure: amount_excl_tax
    tiers:
      mode: marginal
      bands:
        - {from: 0, rate: 4%}
        - {from: 200000, rate: 0.06}
        - {from: 600000, rate: \"8%\"}
  - id: new_customers
    name: {zh: 新客户加成, en: New customers}
    basis: contract_signed
    where: {customer_kind: new, contract_kind: new}
    rate: 1%
  - id: proposal
    name: {zh: 节点奖励, en: Stage reward}
    stage_reward: {stage: 方案评审, amount: 300, if_lost: forfeit}
";

#[test]
fn yaml_and_json_are_one_structure() {
    let plan = parse(EAST).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<PlanVersion>(&json).unwrap(), plan);
    assert_eq!(parse(&json).unwrap(), plan);
    assert!(plan.says_the_same(&PlanVersion {
        version: 4,
        ..plan.clone()
    }));
}

#[test]
fn clauses_in_chinese() {
    let world = World::new(&[EAST]);
    let definitions = Definitions::new(world.data.clone());
    let texts: Vec<String> = clauses(&world.data.plans[0], &definitions, Locale::Zh)
        .into_iter()
        .map(|c| format!("{} {} {}", c.number, c.title, c.text))
        .collect();
    let expect = [
        "1 适用 East 的成员,自 2026-01-01 起,按自然月计算,以 CNY 计。",
        "2 提成基数 · commission 业绩生效的合同签订金额(不含税) × 归属比例。",
        "3 超额累进 按当月累计:20 万元以内 4 %,20 万至 60 万元 6 %,超过 60 万元 8 %。先生效的先累计。",
        "4 提成基数 · 新客户加成 业绩生效的合同签订金额 × 归属比例,仅限新客户且新签。",
        "5 新客户加成 提成比例 1 %。",
        "6 节点奖励 商机进入“方案评审”,每单 ¥300。同一商机只奖励一次,多人按归属比例分。商机输单时作废。",
        "7 取整 每条明细四舍五入到 2 位小数,金额均为税前。",
    ];
    assert_eq!(texts, expect.map(crate::words::chinese));
}

#[test]
fn clauses_in_english() {
    let world = World::new(&[EAST]);
    let definitions = Definitions::new(world.data.clone());
    let texts: Vec<String> = clauses(&world.data.plans[0], &definitions, Locale::En)
        .into_iter()
        .map(|c| c.text)
        .collect();
    assert_eq!(
        texts[0],
        "Members of East, from 2026-01-01, per month, in CNY."
    );
    assert_eq!(
        texts[2],
        "Cumulated over the month: 4% up to 200,000 CNY, 6% from 200,000 CNY to 600,000 CNY, 8% above 600,000 CNY. What is recognised first is cumulated first."
    );
}

fn places(problems: Vec<Problem>) -> Vec<(u32, String, &'static str)> {
    problems
        .into_iter()
        .map(|p| (p.line, p.pointer, p.code))
        .collect()
}

#[test]
fn several_mistakes_at_once_with_their_lines() {
    let text = "\
id: p
currency: CNN
period: week
from: 2026-3-1
bonus: 1
components:
  - id: a
    basis: contract_signed
    rate: five
  - id: b
    rate: 5%
    where: {amount: many}
  - id: c
    basis: contract_signed
  - id: d
    basis: contract_signed
    rate: 1%
    tiers: {mode: marginal, bands: [{from: 0, rate: 1%, to: 3}]}
";
    let at = |line, pointer: &str, code| (line, pointer.to_owned(), code);
    assert_eq!(
        places(parse(text).unwrap_err()),
        [
            at(2, "/currency", "unknown_currency"),
            at(3, "/period", "unknown_word"),
            at(4, "/from", "not_a_date"),
            at(5, "/bonus", "unknown_key"),
            at(9, "/components/0/rate", "not_a_rate"),
            at(10, "/components/1/basis", "missing"),
            at(12, "/components/1/where/amount", "not_a_comparison"),
            at(13, "/components/2", "no_rule"),
            at(15, "/components/3", "several_rules"),
        ]
    );
    assert_eq!(places(parse("id: p\n").unwrap_err()).len(), 4);
    assert_eq!(places(parse("- a").unwrap_err())[0].2, "not_a_mapping");
    assert_eq!(places(parse("").unwrap_err())[0].2, "not_a_mapping");
}

#[test]
fn what_reading_cannot_see() {
    let text = "\
id: p
currency: USD
period: month
from: 2026-01-01
who: {teams: [West], people: [nobody]}
components:
  - {id: a, basis: contrat_signed, rate: 5}
  - {id: a, basis: contract_signed, tiers: {mode: whole, bands: [{from: 10, rate: 1%}, {from: 5, rate: 2%}]}}
  - {id: c, basis: contract_signed, tiers: {mode: whole, on: {attainment: contract_amt}, bands: [{from: 0, rate: 1%}]}}
  - {id: d, stage_reward: {stage: Closing, amount: 1.005, if_lost: keep}}
  - {id: e, basis: won_deals, rate: 10, where: {region: East}}
  - {id: f, basis: contract_signed, tiers: {mode: marginal, on: {attainment: win_rate}, bands: [{from: 0, rate: 1%}]}}
";
    let world = World::new(&[]);
    let known = Known {
        kinds: Vec::new(),
        stages: vec![("Main".to_owned(), "Proposal".to_owned())],
    };
    let codes: Vec<&str> = check(&parse(text).unwrap(), &Definitions::new(world.data), &known)
        .into_iter()
        .map(|p| p.code)
        .collect();
    assert_eq!(
        codes,
        [
            "currency_mismatch",
            "unknown_team",
            "unknown_person",
            "unknown_basis",
            "rate_over_one",
            "duplicate_component",
            "tiers_not_from_zero",
            "tiers_not_ascending",
            "unknown_metric",
            "unknown_stage",
            "too_many_decimals",
            "where_on_metric",
            "axis_not_money",
        ]
    );
}
