//! The ready dictionary of metrics.

use rust_decimal::Decimal;

use super::model::*;
use crate::conditions::{Comparison, Condition, Field};
use crate::facts::*;
use crate::words::Text;

struct Entry<'a> {
    code: &'a str,
    zh: &'a str,
    en: &'a str,
    about: (&'a str, &'a str),
    category: Category,
    combination: Combination,
    unit: Unit,
    formula: Formula,
}

impl Entry<'_> {
    fn build(self) -> MetricVersion {
        MetricVersion {
            code: self.code.to_owned(),
            version: 1,
            from: None,
            to: None,
            name: Text::new(&crate::words::chinese(self.zh), self.en),
            description: Text::new(&crate::words::chinese(self.about.0), self.about.1),
            category: self.category,
            direction: Direction::Higher,
            combination: self.combination,
            unit: self.unit,
            roles: vec![ROLE_OWNER.to_owned()],
            formula: self.formula,
        }
    }

    fn lower(self) -> MetricVersion {
        MetricVersion {
            direction: Direction::Lower,
            ..self.build()
        }
    }
}

fn filter(kinds: &[&str], condition: Condition) -> Filter {
    Filter {
        of: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        condition,
    }
}

fn sum(measure: Measure, kinds: &[&str]) -> Formula {
    Formula::Sum {
        measure,
        facts: filter(kinds, Condition::Always),
    }
}

fn count(kind: &str, condition: Condition) -> Formula {
    Formula::Count {
        facts: filter(&[kind], condition),
    }
}

fn ratio(numerator: Formula, denominator: Formula) -> Formula {
    Formula::Ratio {
        numerator: Box::new(numerator),
        denominator: Box::new(denominator),
    }
}

fn is(name: &str, value: &str) -> Condition {
    Condition::OneOf(Field::of_name(name), vec![value.to_owned()])
}

/// The metrics every company starts with. Each can be replaced by a company's own version.
pub fn standard() -> Vec<MetricVersion> {
    let mut metrics = money();
    metrics.extend(won());
    metrics.extend(quality());
    metrics.extend(activities());
    metrics.extend(leads());
    metrics
}

fn result<'a>(
    code: &'a str,
    zh: &'a str,
    en: &'a str,
    about: (&'a str, &'a str),
    combination: Combination,
    unit: Unit,
    formula: Formula,
) -> Entry<'a> {
    Entry {
        code,
        zh,
        en,
        about,
        category: Category::Result,
        combination,
        unit,
        formula,
    }
}

fn money() -> Vec<MetricVersion> {
    let entry = |code, zh, en, about, formula| {
        result(code, zh, en, about, Combination::Sum, Unit::Money, formula).build()
    };
    vec![
        entry(
            "contract_amount",
            "合同金额",
            "contract amount",
            (
                "已生效合同的含税金额之和;冲销按负数计入,待生效的合同不计。",
                "Sum of recognised contracts, tax included; reversals count negative, pending contracts do not count.",
            ),
            sum(Measure::Amount, &[CONTRACT_SIGNED]),
        ),
        entry(
            "contract_amount_excl_tax",
            "合同金额(不含税)",
            "contract amount excluding tax",
            (
                "已生效合同的不含税金额之和;没有不含税金额的合同不计。",
                "Sum of recognised contracts without tax; contracts without that amount do not count.",
            ),
            sum(Measure::AmountExclTax, &[CONTRACT_SIGNED]),
        ),
        entry(
            "payment_amount",
            "回款金额",
            "payment amount",
            (
                "实际到账金额(含税)减去退款;核销不计。",
                "Money received, tax included, less refunds; write-offs do not count.",
            ),
            sum(Measure::Amount, &[PAYMENT_RECEIVED, REFUND]),
        ),
        entry(
            "payment_amount_excl_tax",
            "回款金额(不含税)",
            "payment amount excluding tax",
            (
                "实际到账金额(不含税)减去退款。",
                "Money received without tax, less refunds.",
            ),
            sum(Measure::AmountExclTax, &[PAYMENT_RECEIVED, REFUND]),
        ),
        entry(
            "margin",
            "毛利",
            "margin",
            (
                "已生效合同的毛利之和;没有毛利的合同不计。",
                "Sum of the margin of recognised contracts; contracts without a margin do not count.",
            ),
            sum(Measure::Margin, &[CONTRACT_SIGNED]),
        ),
        entry(
            "won_amount",
            "赢单金额",
            "won amount",
            (
                "赢单商机的金额之和;撤销的赢单按负数计入,进行中和输掉的商机不计。",
                "Sum of won opportunities; a win taken back counts negative, open and lost ones do not count.",
            ),
            sum(Measure::Amount, &[OPPORTUNITY_WON]),
        ),
    ]
}

fn won() -> Vec<MetricVersion> {
    let closed = Formula::Count {
        facts: filter(&[OPPORTUNITY_WON, OPPORTUNITY_LOST], Condition::Always),
    };
    let won = || count(OPPORTUNITY_WON, Condition::Always);
    let first_contracts = Formula::CountDistinct {
        thing: Thing::AccountGroup,
        facts: filter(&[CONTRACT_SIGNED], is("customer_kind", "new")),
    };
    vec![
        result(
            "won_deals",
            "赢单数",
            "won deals",
            (
                "赢单商机的个数,拆分的商机按归属比例计。",
                "Number of won opportunities; a split one counts by its share.",
            ),
            Combination::Sum,
            Unit::Count,
            won(),
        )
        .build(),
        result(
            "new_customers",
            "新客户数",
            "new customers",
            (
                "签订合同时为新客户的集团个数,同一集团只计一次。",
                "Number of company groups that were new when they signed; a group counts once.",
            ),
            Combination::Sum,
            Unit::Count,
            first_contracts,
        )
        .build(),
        result(
            "win_rate",
            "赢单率",
            "win rate",
            (
                "赢单数除以赢单与输单之和;进行中的商机不计。",
                "Won divided by won and lost; open opportunities do not count.",
            ),
            Combination::Ratio,
            Unit::Percent,
            ratio(won(), closed),
        )
        .build(),
    ]
}

fn quality() -> Vec<MetricVersion> {
    let average = |measure| Formula::Average {
        measure,
        facts: Filter::kind(OPPORTUNITY_WON),
    };
    let (size, cycle) = (
        average(Measure::Amount),
        average(Measure::Attribute(ATTRIBUTE_CYCLE_DAYS.to_owned())),
    );
    let large = Condition::Number(Field::Amount, Comparison::AtLeast, Decimal::from(500_000));
    let large = Formula::Sum {
        measure: Measure::Amount,
        facts: filter(&[OPPORTUNITY_WON], large),
    };
    vec![
        result(
            "average_deal_size",
            "平均单额",
            "average deal size",
            ("赢单金额除以赢单数。", "Won amount divided by won deals."),
            Combination::Average,
            Unit::Money,
            size,
        )
        .build(),
        result(
            "sales_cycle_days",
            "销售周期(天)",
            "sales cycle days",
            (
                "赢单商机从首次接触到赢单的平均天数;没有天数的商机不计。",
                "Average days from first touch to win; wins without days do not count.",
            ),
            Combination::Average,
            Unit::Days,
            cycle,
        )
        .lower(),
        result(
            "large_deal_share",
            "大单占比",
            "large-deal share",
            (
                "单笔 50 万元及以上的赢单金额占全部赢单金额的比例。",
                "Won amount of deals of 500,000 and above divided by all won amount.",
            ),
            Combination::Ratio,
            Unit::Percent,
            ratio(large, sum(Measure::Amount, &[OPPORTUNITY_WON])),
        )
        .build(),
    ]
}

fn process<'a>(
    code: &'a str,
    zh: &'a str,
    en: &'a str,
    about: (&'a str, &'a str),
    combination: Combination,
    unit: Unit,
    formula: Formula,
) -> MetricVersion {
    Entry {
        category: Category::Process,
        ..result(code, zh, en, about, combination, unit, formula)
    }
    .build()
}

fn activities() -> Vec<MetricVersion> {
    let activity = |condition| count(ACTIVITY_LOGGED, condition);
    let effective = Condition::All(vec![
        is(ATTRIBUTE_ACTIVITY_KIND, "visit"),
        is(ATTRIBUTE_EFFECTIVE, "true"),
    ]);
    vec![
        process(
            "activities",
            "跟进次数",
            "activities",
            ("所有类型的跟进次数。", "Activities of all kinds."),
            Combination::Sum,
            Unit::Count,
            activity(Condition::Always),
        ),
        process(
            "calls",
            "电话次数",
            "calls",
            ("类型为电话的跟进次数。", "Activities of kind call."),
            Combination::Sum,
            Unit::Count,
            activity(is(ATTRIBUTE_ACTIVITY_KIND, "call")),
        ),
        process(
            "visits",
            "拜访次数",
            "visits",
            (
                "类型为拜访的跟进次数,不论有无结果。",
                "Activities of kind visit, with or without an outcome.",
            ),
            Combination::Sum,
            Unit::Count,
            activity(is(ATTRIBUTE_ACTIVITY_KIND, "visit")),
        ),
        process(
            "effective_visits",
            "有效拜访次数",
            "effective visits",
            (
                "有结果且有下一步的拜访次数。",
                "Visits with an outcome and a next step.",
            ),
            Combination::Sum,
            Unit::Count,
            activity(effective),
        ),
    ]
}

fn leads() -> Vec<MetricVersion> {
    let lead_ratio = ratio(
        count(LEAD_CONVERTED, Condition::Always),
        count(LEAD_CREATED, Condition::Always),
    );
    vec![
        process(
            "leads",
            "线索数",
            "leads",
            (
                "新增线索的个数,公海中无人负责的只计入公司。",
                "Leads created; those nobody owns count for the company only.",
            ),
            Combination::Sum,
            Unit::Count,
            count(LEAD_CREATED, Condition::Always),
        ),
        process(
            "lead_conversion",
            "线索转化率",
            "lead conversion",
            (
                "期内转化的线索数除以期内新增的线索数。",
                "Leads converted in the period divided by leads created in it.",
            ),
            Combination::Ratio,
            Unit::Percent,
            lead_ratio,
        ),
        stage_conversion("stage_conversion", "方案报价", "商务谈判"),
    ]
}

/// The share of opportunities that went on from one stage to a later one, by the entries of the period.
pub fn stage_conversion(code: &str, from_stage: &str, to_stage: &str) -> MetricVersion {
    let entered = |stage: &str| Formula::CountDistinct {
        thing: Thing::Opportunity,
        facts: filter(&[STAGE_ENTERED], is(ATTRIBUTE_STAGE, stage)),
    };
    let zh = format!(
        "期内进入“{to_stage}”的商机数除以期内进入“{from_stage}”的商机数,同一商机只计一次。"
    );
    let en = format!(
        "Opportunities that entered {to_stage} in the period divided by those that entered {from_stage}; each counts once."
    );
    Entry {
        code,
        zh: "阶段转化率",
        en: "stage conversion",
        about: (&zh, &en),
        category: Category::Process,
        combination: Combination::Ratio,
        unit: Unit::Percent,
        formula: ratio(entered(to_stage), entered(from_stage)),
    }
    .build()
}
