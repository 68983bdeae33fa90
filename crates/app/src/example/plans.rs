//! The two plans of the example company.

use chrono::{Datelike, Months, NaiveDate};

/// The plan files, in force since the beginning of the history.
pub fn plans(today: NaiveDate) -> [String; 2] {
    let from = (today - Months::new(18)).with_day(1).unwrap_or(today);
    [east(from), others(from)]
}

fn east(from: NaiveDate) -> String {
    format!(
        "id: east
name: {{zh: 华东直销提成方案, en: Direct sales East}}
currency: CNY
period: month
from: {from}
who: {{roles: [rep], teams: [华东]}}
components:
  - id: commission
    name: {{zh: 赢单提成, en: Commission}}
    basis: opportunity_won
    rate:
      tiers:
        mode: marginal
        rows:
          - {{from: 0, rate: 4%}}
          - {{from: 300000, rate: 6%}}
          - {{from: 600000, rate: 8%}}
  - id: software
    name: {{zh: 软件加成, en: Software bonus}}
    basis: opportunity_won
    where: {{product_line: 软件}}
    rate: {{flat: 1%}}
  - id: collection
    name: {{zh: 及时回款奖, en: Collection bonus}}
    basis: payment_received
    where: {{days_overdue: '<= 30'}}
    rate: {{flat: 0.5%}}
  - id: quote
    name: {{zh: 方案报价奖励, en: Quote reward}}
    basis: stage_entered
    where: {{stage: proposal}}
    rate: {{reward: {{amount: 200, if_lost: forfeit}}}}
"
    )
}

fn others(from: NaiveDate) -> String {
    format!(
        "id: regions
name: {{zh: 区域销售提成方案, en: Regional sales}}
currency: CNY
period: month
from: {from}
who: {{roles: [rep], teams: [华北, 华南]}}
components:
  - id: commission
    name: {{zh: 合同提成, en: Commission}}
    basis: contract_signed
    rate:
      lookup:
        by: [product_line]
        rows:
          - {{product_line: 软件, rate: 6%}}
          - {{product_line: 数采, rate: 5%}}
        default: 3%
  - id: attainment
    name: {{zh: 达成奖, en: Attainment bonus}}
    basis: opportunity_won
    rate:
      tiers:
        mode: whole
        on: {{attainment: won_amount}}
        rows:
          - {{from: 0, rate: 0%}}
          - {{from: 1, rate: 1%}}
          - {{from: 1.2, rate: 2%}}
"
    )
}
