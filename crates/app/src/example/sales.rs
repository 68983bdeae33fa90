//! What the example company sold: customers, deals and targets of the last eighteen months.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::names::{FIRST, SECOND, SOURCES, cities};
use super::people::{Staff, Story};
use super::random::Random;
use super::stages::{Life, OPEN, way};
use crate::imports::Table;

/// Months of history.
const MONTHS: u32 = 18;
/// Deals in all.
const DEALS: usize = 6_000;
/// Customers in all.
const ACCOUNTS: usize = 900;

/// product, line, list price.
pub(super) const PRODUCTS: &[(&str, &str, i64)] = &[
    ("数采网关 S1", "数采", 18_000),
    ("数采网关 S3", "数采", 36_000),
    ("产线数采套件", "数采", 96_000),
    ("看板标准版", "软件", 28_000),
    ("看板企业版", "软件", 88_000),
    ("排产云", "软件", 150_000),
    ("年度运维", "服务", 12_000),
    ("驻场实施", "服务", 45_000),
    ("培训", "服务", 8_000),
];

pub(super) struct Account {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) industry: &'static str,
    pub(super) region: &'static str,
    pub(super) tier: &'static str,
    pub(super) source: &'static str,
    pub(super) owner: usize,
}

pub(super) struct Deal {
    pub(super) key: String,
    pub(super) account: usize,
    pub(super) owner: usize,
    pub(super) product: usize,
    pub(super) stage: &'static str,
    pub(super) amount: i64,
    pub(super) opened_on: NaiveDate,
    pub(super) expected_on: NaiveDate,
    pub(super) closed_on: Option<NaiveDate>,
    pub(super) lost_reason: Option<&'static str>,
    /// The open stages it entered, with their days.
    pub(super) way: Vec<(&'static str, NaiveDate)>,
}

/// What was sold.
pub struct Sales<'a> {
    pub(super) reps: Vec<&'a Staff>,
    pub(super) accounts: Vec<Account>,
    pub(super) deals: Vec<Deal>,
    pub(super) today: NaiveDate,
}

/// The file of products.
pub fn products() -> Table {
    let rows =
        PRODUCTS.iter().map(|(name, line, price)| vec![(*name).to_owned(), (*line).to_owned(), price.to_string()]);
    table(&["product", "product_line", "list_price"], rows)
}

pub(super) fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    Table { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: (2..).zip(rows).collect() }
}

/// The working day at or after a day; nobody signs on a Sunday.
pub(super) fn working(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        _ => day,
    }
}

impl<'a> Sales<'a> {
    /// Makes the sales of some people up to a day.
    pub fn new(staff: &'a [Staff], today: NaiveDate) -> Self {
        let reps: Vec<&Staff> = staff.iter().filter(|person| person.role == "rep").collect();
        let mut random = Random::new(7);
        let accounts = (0..ACCOUNTS).map(|number| account(number, &reps, &mut random)).collect();
        let mut sales = Self { reps, accounts, deals: Vec::new(), today };
        let mut random = Random::new(11);
        let mut steps = Random::new(13);
        for number in 0..DEALS {
            let mut deal = sales.deal(number, &mut random);
            let until = deal.closed_on.unwrap_or(today);
            let life =
                Life { stage: deal.stage, opened_on: deal.opened_on, until, story: sales.reps[deal.owner].story };
            deal.way = way(&life, &mut steps);
            sales.deals.push(deal);
        }
        sales
    }

    /// The day on which the history begins.
    pub fn first_day(&self) -> NaiveDate {
        self.today - Months::new(MONTHS)
    }

    fn deal(&self, number: usize, random: &mut Random) -> Deal {
        // A good rep has more deals; a newcomer only since the first day.
        let mut owner = number % self.reps.len();
        if i64::try_from(owner).unwrap_or(0) % 7 == random.between(0, 6) {
            owner = usize::try_from(random.between(0, 43)).unwrap_or(0) % self.reps.len();
        }
        let rep = self.reps[owner];
        let first = (self.today - Months::new(MONTHS)).max(rep.start);
        let span = (self.today - first).num_days().max(1);
        let opened_on =
            working(first + Days::new(u64::try_from(random.between(0, span - 1)).unwrap_or(0))).min(self.today);
        let own: Vec<usize> = (0..ACCOUNTS).filter(|n| self.accounts[*n].owner == owner).collect();
        let mut account = if own.is_empty() { number % ACCOUNTS } else { random.pick(&own) };
        let product = usize::try_from(random.between(0, 8)).unwrap_or(0);
        let list = PRODUCTS[product].2;
        let mut amount = list * random.between(1, 3) * random.between(75, 100) / 100;
        if rep.story == Story::OneLargeCustomer && random.chance(35) {
            account = own.first().copied().unwrap_or(account);
            amount *= 4;
        }
        let cycle = random.between(12, 110);
        let due = working(opened_on + Days::new(u64::try_from(cycle).unwrap_or(30)));
        let (stage, closed_on, lost_reason) = self.fate(rep, opened_on, due, random);
        Deal {
            key: format!("D{:05}", number + 1),
            account,
            owner,
            product,
            stage,
            amount: (amount / 100).max(10) * 100,
            opened_on,
            expected_on: due,
            closed_on,
            lost_reason,
            way: Vec::new(),
        }
    }

    /// How a deal stands today.
    fn fate(
        &self,
        rep: &Staff,
        opened_on: NaiveDate,
        due: NaiveDate,
        random: &mut Random,
    ) -> (&'static str, Option<NaiveDate>, Option<&'static str>) {
        let stuck = rep.story == Story::StuckAtQuotes && random.chance(45);
        if stuck && (self.today - opened_on).num_days() < 200 {
            return ("proposal", None, None);
        }
        if due > self.today {
            let gone = (self.today - opened_on).num_days() * 4 / (due - opened_on).num_days().max(1);
            return (OPEN[usize::try_from(gone).unwrap_or(0).min(3)], None, None);
        }
        let price = rep.story == Story::LosesOnPrice;
        let chance = if price { 38 } else { 55 } * rep.skill / 100;
        if random.chance(chance) {
            return ("won", Some(due), None);
        }
        let reasons: &[&str] = if price {
            &["价格", "价格", "价格", "竞品", "预算"]
        } else {
            &["价格", "竞品", "预算", "需求变化", "无决策人"]
        };
        ("lost", Some(due), Some(random.pick(reasons)))
    }

    /// The file of accounts.
    pub fn accounts(&self) -> Table {
        let header = ["account", "name", "industry", "region", "tier", "source", "owner"];
        let rows = self.accounts.iter().map(|account| {
            let owner = self.reps[account.owner].key.clone();
            let texts = [account.industry, account.region, account.tier, account.source].map(str::to_owned);
            [vec![account.key.clone(), account.name.clone()], texts.to_vec(), vec![owner]].concat()
        });
        table(&header, rows)
    }

    /// The file of opportunities.
    pub fn opportunities(&self) -> Table {
        let header = [
            "opportunity",
            "name",
            "account",
            "owner",
            "product",
            "stage",
            "amount",
            "opened_on",
            "expected_close_on",
            "closed_on",
            "source",
            "lost_reason",
            "stages",
        ];
        let rows = self.deals.iter().map(|deal| {
            let account = &self.accounts[deal.account];
            let product = PRODUCTS[deal.product].0;
            vec![
                deal.key.clone(),
                format!("{} {product}", account.name),
                account.key.clone(),
                self.reps[deal.owner].key.clone(),
                product.to_owned(),
                deal.stage.to_owned(),
                deal.amount.to_string(),
                deal.opened_on.to_string(),
                deal.expected_on.to_string(),
                deal.closed_on.map(|day| day.to_string()).unwrap_or_default(),
                account.source.to_owned(),
                deal.lost_reason.unwrap_or_default().to_owned(),
                deal.way.iter().map(|(stage, day)| format!("{stage}|{day}")).collect::<Vec<_>>().join(";"),
            ]
        });
        table(&header, rows)
    }

    /// The file of targets: each rep's month from what reps of the region usually win, rounded to thousands, and the sums
    /// of teams, regions and the company.
    pub fn targets(&self) -> Table {
        let header = ["metric", "subject", "period", "base", "challenge", "stretch"];
        let mut rows = Vec::new();
        for back in (0..=MONTHS).rev() {
            let month = (self.today.with_day(1).unwrap_or(self.today)) - Months::new(back);
            let period = month.format("%Y-%m").to_string();
            let mut sums: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
            for rep in self.reps.iter().filter(|rep| rep.start <= month) {
                let season = [92, 70, 108, 98, 100, 112, 94, 96, 110, 98, 102, 120][month.month0() as usize];
                let ramp = if rep.story == Story::Newcomer { 50 } else { 100 };
                let large = if rep.story == Story::OneLargeCustomer { 150 } else { 100 };
                let base = 340_000 * season / 100 * ramp / 100 * large / 100 / 1_000 * 1_000;
                rows.push(target_row(&rep.key, &period, base));
                let region = rep.region.unwrap_or_default();
                for subject in [format!("team:{}", rep.team), format!("team:{region}"), "company".to_owned()] {
                    *sums.entry(subject).or_default() += base;
                }
            }
            rows.extend(sums.into_iter().map(|(subject, base)| target_row(&subject, &period, base)));
        }
        table(&header, rows.into_iter())
    }
}

fn target_row(subject: &str, period: &str, base: i64) -> Vec<String> {
    let step = |percent: i64| (base * percent / 100).to_string();
    vec!["won_amount".to_owned(), subject.to_owned(), period.to_owned(), base.to_string(), step(115), step(130)]
}

fn account(number: usize, reps: &[&Staff], random: &mut Random) -> Account {
    let owner = number % reps.len();
    let region = reps[owner].region.unwrap_or("华东");
    let (second, industry) = SECOND[(number / FIRST.len()) % SECOND.len()];
    let first = FIRST[number % FIRST.len()];
    let city = random.pick(cities(region));
    Account {
        key: format!("A{:04}", number + 1),
        name: format!("{city}{first}{second}"),
        industry,
        region,
        tier: random.pick(&["A", "B", "B", "C", "C", "C"]),
        source: random.pick(SOURCES),
        owner,
    }
}
