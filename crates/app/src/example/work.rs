//! What the example company's people did: contacts, leads, activities, contracts and the money that came in for them.

use chrono::{Days, NaiveDate};

use super::names::{FAMILY, GIVEN, SOURCES};
use super::people::Story;
use super::random::Random;
use super::sales::{Deal, PRODUCTS, Sales, table, working};
use crate::imports::Table;

/// Activities for each deal: 30,000 in all.
const ACTIVITIES: i64 = 5;
/// Leads in all.
const LEADS: usize = 1_500;

/// A contract with what came in for it.
struct Contract {
    row: Vec<String>,
    key: String,
    signed_on: NaiveDate,
    schedule: Vec<(NaiveDate, i64)>,
}

/// What was done for the deals of a company.
pub struct Work<'a> {
    sales: &'a Sales<'a>,
    contracts: Vec<Contract>,
    today: NaiveDate,
}

fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + Days::new(u64::try_from(days).unwrap_or(0))
}

impl<'a> Work<'a> {
    /// Makes the work for some sales up to a day.
    pub fn new(sales: &'a Sales<'a>, today: NaiveDate) -> Self {
        let mut random = Random::new(23);
        let mut known: std::collections::BTreeSet<usize> = std::collections::BTreeSet::new();
        let mut won: Vec<&Deal> = sales.deals.iter().filter(|deal| deal.stage == "won").collect();
        won.sort_by_key(|deal| (deal.closed_on, deal.key.clone()));
        let contracts = won
            .iter()
            .enumerate()
            .map(|(number, deal)| contract(sales, deal, number, known.insert(deal.account), today, &mut random))
            .collect();
        Self { sales, contracts, today }
    }

    /// The file of contacts: one at each customer.
    pub fn contacts(&self) -> Table {
        let mut random = Random::new(29);
        let rows = self.sales.accounts.iter().enumerate().map(|(number, account)| {
            let name = format!("{}{}", FAMILY[number * 7 % FAMILY.len()], random.pick(GIVEN));
            let role = random.pick(&["decider", "influencer", "buyer", "user"]);
            let title = random.pick(&["总经理", "采购经理", "生产总监", "信息主管", "设备经理"]);
            let owner = self.sales.reps[account.owner].key.clone();
            vec![format!("C{:04}", number + 1), name, account.key.clone(), title.to_owned(), role.to_owned(), owner]
        });
        table(&["contact", "name", "account", "title", "decision_role", "owner"], rows)
    }

    /// The file of leads; some became customers.
    pub fn leads(&self) -> Table {
        let mut random = Random::new(31);
        let header = [
            "lead",
            "name",
            "company_name",
            "source",
            "region",
            "status",
            "created_on",
            "converted_on",
            "account",
            "owner",
        ];
        let rows = (0..LEADS).map(|number| {
            let account = &self.sales.accounts[number * 11 % self.sales.accounts.len()];
            let rep = self.sales.reps[account.owner];
            let first = (self.today - chrono::Months::new(18)).max(rep.start);
            let span = (self.today - first).num_days().max(1);
            let created = after(first, random.between(0, span - 1));
            let chance = if rep.story == Story::Newcomer { 20 } else { 32 };
            let converted = after(created, random.between(3, 40));
            let is_converted = converted <= self.today && random.chance(chance);
            let status = match is_converted {
                true => "converted",
                false => random.pick(&["open", "working", "working", "closed"]),
            };
            vec![
                format!("L{:05}", number + 1),
                format!("{}{}", FAMILY[number * 5 % FAMILY.len()], random.pick(GIVEN)),
                account.name.clone(),
                random.pick(SOURCES).to_owned(),
                account.region.to_owned(),
                status.to_owned(),
                created.to_string(),
                if is_converted { converted.to_string() } else { String::new() },
                if is_converted { account.key.clone() } else { String::new() },
                rep.key.clone(),
            ]
        });
        table(&header, rows)
    }

    /// The file of activities. A team that is stuck at quotes calls, and hardly visits.
    pub fn activities(&self) -> Table {
        let mut random = Random::new(37);
        let header = [
            "activity",
            "kind",
            "subject",
            "owner",
            "account",
            "opportunity",
            "happened_at",
            "outcome",
            "next_step",
            "next_step_on",
        ];
        let mut rows = Vec::new();
        for deal in &self.sales.deals {
            let rep = self.sales.reps[deal.owner];
            let last = deal.closed_on.unwrap_or(self.today).min(self.today);
            let span = (last - deal.opened_on).num_days().max(0);
            for step in 0..ACTIVITIES {
                let day = after(deal.opened_on, (span * step + random.between(0, span.max(1))) / ACTIVITIES);
                let day = working(day).min(self.today);
                let kinds: &[&str] = match rep.story {
                    Story::StuckAtQuotes => &["call", "call", "message", "message", "meeting"],
                    _ => &["call", "visit", "visit", "demo", "meeting", "message"],
                };
                let kind = random.pick(kinds);
                let subject = match kind {
                    "call" => "电话沟通需求",
                    "visit" => "上门拜访",
                    "demo" => "方案演示",
                    "meeting" => "评审会议",
                    _ => "微信跟进",
                };
                let outcome = if random.chance(70) {
                    random.pick(&["认可方案", "需内部讨论", "等待预算", "约定下次"])
                } else {
                    ""
                };
                let next = if random.chance(60) {
                    random.pick(&["发送报价", "安排演示", "约见决策人", "确认合同"])
                } else {
                    ""
                };
                // What is next at an open deal has a day around today: some are late, some are due, some are to come.
                let is_last = deal.closed_on.is_none() && step + 1 == ACTIVITIES && !next.is_empty();
                let number = i64::try_from(rows.len()).unwrap_or(0);
                let due = is_last.then(|| working(after(self.today, number % 13) - Days::new(5)));
                rows.push(vec![
                    format!("V{:05}", rows.len() + 1),
                    kind.to_owned(),
                    subject.to_owned(),
                    rep.key.clone(),
                    self.sales.accounts[deal.account].key.clone(),
                    deal.key.clone(),
                    day.to_string(),
                    outcome.to_owned(),
                    next.to_owned(),
                    due.map(|day| day.to_string()).unwrap_or_default(),
                ]);
            }
        }
        table(&header, rows.into_iter())
    }

    /// The file of contracts, without the one that is brought in late.
    pub fn contracts(&self) -> Table {
        self.contract_table(self.late())
    }

    /// The contract that was signed two months ago and comes in today: what was measured for that month changes.
    pub fn late_contract(&self) -> Table {
        let late = self.late();
        let rows = self.contracts.iter().enumerate().filter(|(number, _)| Some(*number) == late);
        table(&CONTRACT, rows.map(|(_, contract)| contract.row.clone()))
    }

    fn contract_table(&self, without: Option<usize>) -> Table {
        let rows = self.contracts.iter().enumerate().filter(|(number, _)| Some(*number) != without);
        table(&CONTRACT, rows.map(|(_, contract)| contract.row.clone()))
    }

    /// The first contract of two months ago.
    fn late(&self) -> Option<usize> {
        let from = self.today - Days::new(62);
        self.contracts.iter().position(|contract| contract.signed_on >= from)
    }

    /// The file of payments: most come in time, some late, a few go back, and one is given up.
    pub fn payments(&self) -> Table {
        let mut random = Random::new(41);
        let header = ["payment", "contract", "kind", "received_on", "amount", "method"];
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut push = |contract: &Contract, kind: &str, day: NaiveDate, amount: i64, method: &str| {
            let key = format!("P{:05}", rows.len() + 1);
            let cells = [kind.to_owned(), day.to_string(), amount.to_string(), method.to_owned()];
            rows.push([vec![key, contract.key.clone()], cells.to_vec()].concat());
        };
        let late = self.late();
        for (number, contract) in self.contracts.iter().enumerate() {
            if Some(number) == late {
                continue;
            }
            let mut paid = 0;
            for (due, amount) in &contract.schedule {
                let delay = if random.chance(72) { random.between(-6, 0) } else { random.between(3, 75) };
                let day = working(if delay < 0 { *due - Days::new(delay.unsigned_abs()) } else { after(*due, delay) });
                let day = day.max(contract.signed_on);
                if day <= self.today {
                    push(contract, "payment", day, *amount, random.pick(&["银行转账", "银行转账", "承兑汇票"]));
                    paid += amount;
                }
            }
            let last = contract.schedule.last().map_or(self.today, |(due, _)| after(*due, 90));
            if number % 97 == 13 && paid > 0 && last <= self.today {
                push(contract, "refund", working(last).min(self.today), (paid / 5).max(1), "银行转账");
            }
            let total: i64 = contract.schedule.iter().map(|(_, amount)| amount).sum();
            if number % 611 == 7 && paid < total && last <= self.today {
                push(contract, "write_off", last, total - paid, "");
            }
        }
        table(&header, rows.into_iter())
    }
}

const CONTRACT: [&str; 11] = [
    "contract",
    "number",
    "account",
    "opportunity",
    "owner",
    "contract_kind",
    "signed_on",
    "filed_on",
    "lines",
    "schedule",
    "splits",
];

fn contract(
    sales: &Sales<'_>,
    deal: &Deal,
    number: usize,
    is_first: bool,
    today: NaiveDate,
    random: &mut Random,
) -> Contract {
    let won = deal.closed_on.unwrap_or(today);
    let signed_on = working(after(won, random.between(0, 4))).min(today);
    let (product, line, _) = PRODUCTS[deal.product];
    let tax = if line == "数采" { "0.13" } else { "0.06" };
    let cost = deal.amount * random.between(42, 66) / 100;
    let kind = match is_first {
        true => "new",
        false => random.pick(&["add_on", "repeat", "renewal"]),
    };
    let schedule = if deal.amount >= 60_000 {
        let first = deal.amount / 2;
        vec![(after(signed_on, 15), first), (after(signed_on, 75), deal.amount - first)]
    } else {
        vec![(after(signed_on, 30), deal.amount)]
    };
    let filed = after(signed_on, random.between(2, 12));
    let owner = &sales.reps[deal.owner].key;
    // A good many large deals are shared with a colleague of the next desk.
    let mate = &sales.reps[(deal.owner + 1) % sales.reps.len()].key;
    let shared = deal.amount >= 200_000 && random.chance(30) && owner != mate;
    let key = format!("HT{:05}", number + 1);
    let row = vec![
        key.clone(),
        format!("HT-{}-{:05}", signed_on.format("%Y"), number + 1),
        sales.accounts[deal.account].key.clone(),
        deal.key.clone(),
        owner.clone(),
        kind.to_owned(),
        signed_on.to_string(),
        if filed <= today && random.chance(86) { filed.to_string() } else { String::new() },
        format!("{product}|1|{}|{tax}||{cost}", deal.amount),
        schedule.iter().map(|(due, amount)| format!("{due}|{amount}")).collect::<Vec<_>>().join(";"),
        if shared { format!("{owner}|owner|0.7;{mate}|owner|0.3") } else { String::new() },
    ];
    Contract { row, key, signed_on, schedule }
}
