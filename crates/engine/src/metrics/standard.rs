//! The metrics a new company begins with.

use chrono::NaiveDate;

use super::model::{Category, Combination, Direction, Entity, Formula, Measure, MetricVersion, Unit};
use crate::conditions::{Condition, Operator};
use crate::text::Text;

fn is(field: &str, value: &str) -> Condition {
    Condition::Is { field: field.to_owned(), values: vec![value.to_owned()] }
}

fn kinds(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn sum(of: Measure, names: &[&str]) -> Formula {
    Formula::Sum { of, kinds: kinds(names), when: Condition::Always }
}

fn count(names: &[&str], when: Condition) -> Formula {
    Formula::Count { kinds: kinds(names), when }
}

fn ratio(numerator: Formula, denominator: Formula) -> Formula {
    Formula::Ratio { numerator: Box::new(numerator), denominator: Box::new(denominator) }
}

struct Row(&'static str, &'static str, &'static str, &'static str, &'static str, Category, Direction, Unit, Formula);

/// The ready dictionary. `large` is the amount, in major units, from which a deal is large; `proposal` and `contract`
/// are the codes of the two stages between which stage conversion is measured.
#[must_use]
pub fn standard(large: i64, proposal: &str, contract: &str) -> Vec<MetricVersion> {
    let mut rows = results(large);
    rows.extend(process(proposal, contract));
    rows.into_iter().map(version).collect()
}

fn version(row: Row) -> MetricVersion {
    let Row(code, zh, en, about_zh, about_en, category, direction, unit, formula) = row;
    let combination = match formula {
        Formula::Ratio { .. } => Combination::Ratio,
        Formula::Average { .. } => Combination::Average,
        _ => Combination::Sum,
    };
    MetricVersion {
        code: code.to_owned(),
        version: 1,
        from: NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default(),
        to: None,
        name: Text::new(zh, en),
        description: Text::new(about_zh, about_en),
        category,
        direction,
        combination,
        unit,
        formula,
    }
}

fn results(large: i64) -> Vec<Row> {
    use Category::{Quality, Result};
    use Direction::{Higher, Lower};
    let is_large = Condition::Compare { field: "amount".to_owned(), operator: Operator::AtLeast, value: large.into() };
    let won_large = Formula::Sum { of: Measure::Amount, kinds: kinds(&["opportunity_won"]), when: is_large };
    let new_customers =
        Formula::Distinct { of: Entity::Account, kinds: kinds(&["contract_signed"]), when: is("customer_kind", "new") };
    let cycle = Formula::Average {
        of: Measure::Attribute("cycle_days".to_owned()),
        kinds: kinds(&["opportunity_won"]),
        when: Condition::Always,
    };
    let size = Formula::Average { of: Measure::Amount, kinds: kinds(&["opportunity_won"]), when: Condition::Always };
    let won = || count(&["opportunity_won"], Condition::Always);
    vec![
        Row(
            "contract_amount",
            "合同金额",
            "Contract amount",
            "已签订合同的含税金额，按归属比例计入；草稿与作废合同不计。",
            "Amounts of signed contracts incl. tax, by share; drafts and cancelled ones are out.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::Amount, &["contract_signed"]),
        ),
        Row(
            "contract_amount_excl_tax",
            "合同金额（不含税）",
            "Contract amount excl. tax",
            "已签订合同的不含税金额，按归属比例计入。",
            "Amounts of signed contracts excl. tax, by share.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::AmountExclTax, &["contract_signed"]),
        ),
        Row(
            "payment_amount",
            "回款金额",
            "Payment amount",
            "已到账的含税金额，退款扣减；未到账的应收不计。",
            "Money that came in incl. tax, less refunds; what is only due is out.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::Amount, &["payment_received", "refund"]),
        ),
        Row(
            "payment_amount_excl_tax",
            "回款金额（不含税）",
            "Payment amount excl. tax",
            "已到账的不含税金额，退款扣减。",
            "Money that came in excl. tax, less refunds.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::AmountExclTax, &["payment_received", "refund"]),
        ),
        Row(
            "margin",
            "毛利",
            "Margin",
            "已签订合同的毛利：不含税金额减成本；没有成本的合同不计。",
            "Margin of signed contracts: amount excl. tax less cost; contracts without a cost are out.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::Margin, &["contract_signed"]),
        ),
        Row(
            "won_amount",
            "赢单金额",
            "Won amount",
            "赢单商机的金额，按归属比例计入。",
            "Amounts of won deals, by share.",
            Result,
            Higher,
            Unit::Money,
            sum(Measure::Amount, &["opportunity_won"]),
        ),
        Row(
            "won_deals",
            "赢单数",
            "Won deals",
            "赢单商机的个数；多人分担时按归属比例计。",
            "Won deals; a shared deal counts by share.",
            Result,
            Higher,
            Unit::Count,
            won(),
        ),
        Row(
            "new_customers",
            "新客户数",
            "New customers",
            "签约时为新客户的企业集团个数；改名或子公司不算新客户。",
            "Groups of companies that were new when they signed; a new name or a subsidiary is none.",
            Result,
            Higher,
            Unit::Count,
            new_customers,
        ),
        Row(
            "win_rate",
            "赢单率",
            "Win rate",
            "赢单数 ÷（赢单数 + 输单数）；进行中的商机不计。",
            "Won deals / (won + lost); open deals are out.",
            Quality,
            Higher,
            Unit::Percent,
            ratio(won(), count(&["opportunity_won", "opportunity_lost"], Condition::Always)),
        ),
        Row(
            "average_deal_size",
            "平均单额",
            "Average deal size",
            "赢单金额 ÷ 赢单数。",
            "Won amount / won deals.",
            Quality,
            Higher,
            Unit::Money,
            size,
        ),
        Row(
            "sales_cycle_days",
            "成交周期",
            "Sales cycle",
            "赢单商机从建立到赢单的平均天数；没有建立日期的不计。",
            "Average days from opening to winning; deals without an opening date are out.",
            Quality,
            Lower,
            Unit::Days,
            cycle,
        ),
        Row(
            "large_deal_share",
            "大单占比",
            "Large-deal share",
            "大单金额占赢单金额的比例。",
            "Share of large deals in the won amount.",
            Quality,
            Higher,
            Unit::Percent,
            ratio(won_large, sum(Measure::Amount, &["opportunity_won"])),
        ),
    ]
}

fn process(proposal: &str, contract: &str) -> Vec<Row> {
    use Category::{Behaviour, Process};
    use Direction::Higher;
    let activity = |kind: &str| count(&["activity_logged"], is("activity_kind", kind));
    let effective = Condition::All(vec![is("activity_kind", "visit"), is("effective", "true")]);
    let entered = |stage: &str| Formula::Distinct {
        of: Entity::Opportunity,
        kinds: kinds(&["stage_entered"]),
        when: is("stage", stage),
    };
    vec![
        Row(
            "activities",
            "跟进数",
            "Activities",
            "全部跟进的次数。",
            "All activities.",
            Behaviour,
            Higher,
            Unit::Count,
            count(&["activity_logged"], Condition::Always),
        ),
        Row(
            "calls",
            "电话数",
            "Calls",
            "方式为电话的跟进次数。",
            "Activities by phone.",
            Behaviour,
            Higher,
            Unit::Count,
            activity("call"),
        ),
        Row(
            "visits",
            "拜访数",
            "Visits",
            "方式为拜访的跟进次数。",
            "Visits.",
            Behaviour,
            Higher,
            Unit::Count,
            activity("visit"),
        ),
        Row(
            "effective_visits",
            "有效拜访数",
            "Effective visits",
            "有结果并约定下一步的拜访次数。",
            "Visits with an outcome and a next step.",
            Behaviour,
            Higher,
            Unit::Count,
            count(&["activity_logged"], effective),
        ),
        Row(
            "leads",
            "线索数",
            "Leads",
            "新增线索的条数。",
            "New leads.",
            Process,
            Higher,
            Unit::Count,
            count(&["lead_created"], Condition::Always),
        ),
        Row(
            "lead_conversion",
            "线索转化率",
            "Lead conversion",
            "转化线索数 ÷ 新增线索数，均按发生日期计。",
            "Converted leads / new leads, each by its own date.",
            Process,
            Higher,
            Unit::Percent,
            ratio(count(&["lead_converted"], Condition::Always), count(&["lead_created"], Condition::Always)),
        ),
        Row(
            "stage_conversion",
            "阶段转化率",
            "Stage conversion",
            "进入后一阶段的商机数 ÷ 进入前一阶段的商机数，均按进入日期计。",
            "Deals that entered the later stage / deals that entered the earlier one, each by its own date.",
            Process,
            Higher,
            Unit::Percent,
            ratio(entered(contract), entered(proposal)),
        ),
    ]
}
