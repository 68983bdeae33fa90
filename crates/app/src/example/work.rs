//! What the example company's people did: contacts, leads, activities, contracts and the money that came in for them.

use chrono::{Days, NaiveDate};

use super::names::{FAMILY, GIVEN, PROSPECTS, SECOND, SOURCES, cities};
use super::people::Story;
use super::random::Random;
use super::sales::{Deal, PRODUCTS, Sales, table, working};
use crate::imports::Table;

/// Activities for each deal: 30,000 in all.
const ACTIVITIES: i64 = 5;
/// Leads in all.
const LEADS: usize = 1_500;

/// A contract with what came in for it.
pub(super) struct Contract {
    row: Vec<String>,
    pub(super) key: String,
    /// The number of its deal.
    pub(super) deal: usize,
    pub(super) signed_on: NaiveDate,
    pub(super) schedule: Vec<(NaiveDate, i64)>,
}

/// What was done for the deals of a company.
pub struct Work<'a> {
    pub(super) sales: &'a Sales<'a>,
    contracts: Vec<Contract>,
    pub(super) today: NaiveDate,
}

pub(super) fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + Days::new(u64::try_from(days).unwrap_or(0))
}

impl<'a> Work<'a> {
    /// Makes the work for some sales up to a day.
    pub fn new(sales: &'a Sales<'a>, today: NaiveDate) -> Self {
        let mut random = Random::new(23);
        let mut known: std::collections::BTreeSet<usize> = std::collections::BTreeSet::new();
        let mut won: Vec<(usize, &Deal)> =
            sales.deals.iter().enumerate().filter(|(_, deal)| deal.stage == "won").collect();
        won.sort_by_key(|(_, deal)| (deal.closed_on, deal.key.clone()));
        let mut contracts: Vec<Contract> = won
            .iter()
            .enumerate()
            .map(|(number, (at, deal))| {
                let is_first = known.insert(deal.account);
                contract(sales, (*at, deal), number, is_first, today, &mut random)
            })
            .collect();
        // Whether a customer was new is decided by what was signed before.
        contracts.sort_by_key(|contract| contract.signed_on);
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

    /// The file of leads. A third became the deals that name them; of the others the old ones were given up.
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
            "opportunity",
            "owner",
        ];
        let rows = (0..LEADS).map(|number| {
            let name = format!("{}{}", FAMILY[number * 5 % FAMILY.len()], random.pick(GIVEN));
            let became = (number % 3 == 0).then(|| &self.sales.deals[number * 4 % self.sales.deals.len()]);
            let rep = match became {
                Some(deal) => self.sales.reps[deal.owner],
                None => self.sales.reps[number % self.sales.reps.len()],
            };
            let key = format!("L{:05}", number + 1);
            if let Some(deal) = became {
                let account = &self.sales.accounts[deal.account];
                let created = working(deal.opened_on - Days::new(u64::try_from(random.between(3, 30)).unwrap_or(3)));
                let days = [created.min(deal.opened_on).to_string(), deal.opened_on.to_string()];
                let said = [
                    account.name.clone(),
                    account.source.to_owned(),
                    account.region.to_owned(),
                    "converted".to_owned(),
                ];
                let links = [account.key.clone(), deal.key.clone(), rep.key.clone()];
                return [vec![key, name], said.to_vec(), days.to_vec(), links.to_vec()].concat();
            }
            let region = rep.region.unwrap_or("华东");
            let first = (self.today - chrono::Months::new(18)).max(rep.start);
            // Every second one came in the last weeks.
            let age = match number % 2 {
                0 => random.between(0, 45),
                _ => random.between(46, (self.today - first).num_days().max(47)),
            };
            let created = working((self.today - Days::new(u64::try_from(age).unwrap_or(0))).max(first)).min(self.today);
            let status = if age > 60 { "closed" } else { random.pick(&["open", "working", "working"]) };
            let company = format!("{}{}{}", random.pick(cities(region)), random.pick(PROSPECTS), random.pick(SECOND).0);
            let said = [company, random.pick(SOURCES).to_owned(), region.to_owned(), status.to_owned()];
            let empty = String::new();
            let days = [created.to_string(), empty.clone()];
            [vec![key, name], said.to_vec(), days.to_vec(), vec![empty.clone(), empty, rep.key.clone()]].concat()
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
                let is_last = deal.closed_on.is_none() && step + 1 == ACTIVITIES;
                let next = if random.chance(if is_last { 85 } else { 60 }) {
                    random.pick(&["发送报价", "安排演示", "约见决策人", "确认合同"])
                } else {
                    ""
                };
                // What is next at an open deal has a day around today: some are late, many are due, some are to come.
                let due = (is_last && !next.is_empty()).then(|| around(self.today, &mut random));
                rows.push(vec![
                    format!("V{:05}", rows.len() + 1),
                    kind.to_owned(),
                    subject.to_owned(),
                    rep.key.clone(),
                    self.sales.accounts[deal.account].key.clone(),
                    deal.key.clone(),
                    at_work(day, self.today, &mut random),
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

    /// The contracts without the one that is brought in late.
    pub(super) fn booked(&self) -> impl Iterator<Item = &Contract> {
        let late = self.late();
        self.contracts.iter().enumerate().filter(move |(number, _)| Some(*number) != late).map(|(_, contract)| contract)
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
        // The oldest payment pays the oldest debt.
        rows.sort_by(|one, other| one[3].cmp(&other[3]));
        table(&header, rows.into_iter())
    }
}

/// A day around today: overdue, due or soon to come.
fn around(today: NaiveDate, random: &mut Random) -> NaiveDate {
    match random.pick(&[-6_i64, -3, -1, 0, 0, 0, 0, 1, 1, 2, 3, 5]) {
        0 => today,
        late if late < 0 => today - Days::new(late.unsigned_abs()),
        soon => working(after(today, soon)),
    }
}

/// A moment of a working day, in the zone of the example company; of today only the day, which has just begun.
fn at_work(day: NaiveDate, today: NaiveDate, random: &mut Random) -> String {
    if day >= today {
        return day.to_string();
    }
    format!("{day}T{:02}:{:02}:00+08:00", random.between(9, 17), random.between(0, 11) * 5)
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
    (at, deal): (usize, &Deal),
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
    Contract { row, key, deal: at, signed_on, schedule }
}
