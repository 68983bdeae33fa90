//! The sentences of what a rate alone does not say: shares of others' pay, limits, what is held and lent.

use super::{Clause, Writer, amount, percent};
use crate::dates::PeriodKind;
use crate::formula::{Formula, Over};
use crate::plans::model::{
    Cap, ClawbackAt, Component, Computed, CreditsOf, Draw, Forgive, OverrideOf, Part, Per, PoolBy, PoolOf, Rate,
    RetainedUntil, Table, Ties, Way,
};
use crate::text::Language;

impl Writer<'_> {
    /// A span in words.
    pub(super) fn span(&self, over: Over) -> String {
        match over {
            Over::Fact => self.pick("每笔", "single fact"),
            Over::Month => self.pick("当月", "month"),
            Over::Quarter => self.pick("当季", "quarter"),
            Over::Year => self.pick("当年", "year"),
            Over::Last(periods) => match self.language {
                Language::Zh => format!("前 {periods} 期"),
                Language::En => format!("{periods} periods before"),
            },
            Over::Period => match self.plan.period {
                PeriodKind::Month => self.pick("当月", "month"),
                PeriodKind::Quarter => self.pick("当季", "quarter"),
                _ => self.pick("当年", "year"),
            },
        }
    }

    /// Whose credits count.
    pub(super) fn of(&self, component: &Component) -> String {
        match component.of {
            CreditsOf::Own => String::new(),
            CreditsOf::Reports => self.pick("（直接下属的业绩）", " of the direct reports"),
            CreditsOf::Team => self.pick("（本团队的业绩）", " of the own team"),
            CreditsOf::Subtree => self.pick("（本团队及下级的业绩）", " of the own team and below"),
            CreditsOf::Company => self.pick("（全公司的业绩）", " of the whole company"),
        }
    }

    fn formula(&self, formula: &Formula) -> String {
        formula.text().to_owned()
    }

    fn table(&self, table: &Table) -> String {
        let rows: Vec<String> = table
            .rows
            .iter()
            .map(|row| match self.language {
                Language::Zh => format!("{} 起为 {}", row.from.0.normalize(), row.value.0.normalize()),
                Language::En => format!("{} from {}", row.value.0.normalize(), row.from.0.normalize()),
            })
            .collect();
        match self.language {
            Language::Zh => format!("按 {} 取值（{}）", table.on, rows.join("，")),
            Language::En => format!("by {} ({})", table.on, rows.join(", ")),
        }
    }

    /// Money, or how it is computed.
    fn money(&self, figure: &Computed) -> String {
        match figure {
            Computed::Fixed(number) => amount(number.0, self.currency, self.language),
            Computed::Formula(formula) => self.formula(formula),
            Computed::Table(table) => self.table(table),
        }
    }

    /// A rate, or how it is computed.
    fn rate(&self, figure: &Computed) -> String {
        match figure {
            Computed::Fixed(number) => percent(number.0),
            Computed::Formula(formula) => self.formula(formula),
            Computed::Table(table) => self.table(table),
        }
    }

    /// A factor, or how it is computed.
    fn factor(&self, figure: &Computed) -> String {
        match figure {
            Computed::Fixed(number) => number.0.normalize().to_string(),
            Computed::Formula(formula) => self.formula(formula),
            Computed::Table(table) => self.table(table),
        }
    }

    /// Parts of a rate that have no sentence of their own.
    pub(super) fn formed(&self, component: &Component, part: &Part) -> (String, Vec<String>) {
        let basis = self.basis(component);
        let (zh, en, figure) = match &part.rate {
            Rate::Flat(figure) => {
                let figure = if self.is_money(component) { self.rate(figure) } else { self.money(figure) };
                (format!("{basis} × 归属比例，乘以 {figure}。"), format!("{basis}, by share, times {figure}."), figure)
            }
            Rate::Each(figure) => {
                let money = self.money(figure);
                (format!("{basis}：每笔 {money}，按归属比例。"), format!("{money} for each: {basis}, by share."), money)
            }
            Rate::Reward(reward) => {
                let money = self.money(&reward.amount);
                (format!("{basis}：每单奖励 {money}。"), format!("{money} for each deal: {basis}."), money)
            }
            Rate::As(id) => {
                let name = self.plan.components.iter().find(|other| other.id == *id);
                let name = name.map_or(id.as_str(), |other| other.name.get(self.language)).to_owned();
                (
                    format!("{basis} × 归属比例，按签约时「{name}」的比例计提。"),
                    format!("{basis}, by share, at the rate that \"{name}\" gave at signing."),
                    name,
                )
            }
            Rate::Curve(curve) => {
                let points: Vec<String> = curve
                    .points
                    .iter()
                    .map(|point| format!("{} → {}", point.at.0.normalize(), percent(point.rate.0)))
                    .collect();
                let points = points.join(self.language.pick("，", ", "));
                (
                    format!("{basis} × 归属比例，比例按各点连线取值：{points}。"),
                    format!("{basis}, by share, at a rate on the line through {points}."),
                    points,
                )
            }
            Rate::Lookup(_) | Rate::Tiers(_) => return self.part(component, part),
        };
        (self.pick(&zh, &en), vec![figure])
    }

    /// Several parts: one sentence each, joined.
    pub(super) fn parts(&self, component: &Component, parts: &[Part]) -> (String, Vec<String>) {
        let mut text = self.pick("以下各项相加：", "The sum of: ");
        let mut highlights = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let (sentence, figures) = self.part(component, part);
            let when = part.when.words(self.language, self.names);
            let when = if when.is_empty() { String::new() } else { format!(" [{when}]") };
            text.push_str(&format!("({}) {sentence}{when}", index + 1));
            if self.language == Language::En {
                text.push(' ');
            }
            highlights.extend(figures);
        }
        (text.trim_end().to_owned(), highlights)
    }

    fn names_of(&self, ids: &[String]) -> String {
        let name = |id: &String| {
            let known = self.plan.components.iter().find(|other| other.id == *id);
            known.map_or(id.clone(), |other| other.name.get(self.language).to_owned())
        };
        ids.iter().map(name).collect::<Vec<_>>().join(self.language.pick("、", ", "))
    }

    fn each(&self, each: PoolOf) -> String {
        match each {
            PoolOf::Company => self.pick("全公司", "the company"),
            PoolOf::Team => self.pick("每个团队", "each team"),
            PoolOf::Subtree => self.pick("每个团队（含下级）", "each team with those below"),
        }
    }

    /// Components without a rate.
    pub(super) fn shared(&self, way: Way<'_>) -> (String, Vec<String>) {
        let period = self.span(Over::Period);
        let (zh, en, figure) = match way {
            Way::Rate(_) => (String::new(), String::new(), String::new()),
            Way::Amount(figure) => {
                let money = self.money(figure);
                (format!("{period} {money}。"), format!("{money} for the {period}."), money)
            }
            Way::Override(overriding) => {
                let rate = self.rate(&overriding.rate);
                let of = match overriding.of {
                    OverrideOf::Reports => self.pick("直接下属", "direct reports"),
                    OverrideOf::Team => self.pick("本团队其他成员", "the other members of the team"),
                    OverrideOf::Subtree => self.pick("本团队及下级成员", "the members of the team and below"),
                    OverrideOf::Mentees => self.pick("带教对象", "mentees"),
                };
                let names = self.names_of(&overriding.components);
                (format!("{of}的{names} × {rate}。"), format!("{rate} of {names} of the {of}."), rate)
            }
            Way::Difference(difference) => {
                let rate = self.rate(&difference.rates);
                (
                    format!("级差：下级业绩 × 本人比例高出其下各级最高比例的部分；本人比例为 {rate}。"),
                    format!(
                        "On what those below sell, what the own rate is above the highest rate below; the rate is {rate}."
                    ),
                    rate,
                )
            }
            Way::Pool(pool) => {
                let size = self.money(&pool.size);
                let by = match &pool.by {
                    PoolBy::Equal => self.pick("平均", "equally"),
                    PoolBy::Weight(figure) => {
                        let figure = self.factor(figure);
                        self.pick(&format!("按 {figure} 的比例"), &format!("in proportion to {figure}"))
                    }
                };
                let release = pool.release.as_ref().map_or_else(String::new, |release| {
                    self.pick(&format!("；{release} 时发放"), &format!("; given out if {release}"))
                });
                let members = pool.members.as_ref().map_or_else(String::new, |members| {
                    self.pick(&format!("，参与条件 {members}"), &format!(", among those with {members}"))
                });
                let each = self.each(pool.each);
                (
                    format!("{each}一个奖池 {size}，{by}分配{members}{release}。"),
                    format!("A pool of {size} for {each}, shared {by}{members}{release}."),
                    size,
                )
            }
            Way::Rank(rank) => {
                let prizes: Vec<String> =
                    rank.prizes.iter().map(|prize| amount(prize.0, self.currency, self.language)).collect();
                let prizes = prizes.join(self.language.pick("、", ", "));
                let (each, by) = (self.each(rank.each), self.factor(&rank.by));
                let ties = match rank.ties {
                    Ties::Share => self.pick("并列者平分所占名次的奖金", "those tied share the prizes of their places"),
                    Ties::Same => self.pick("并列者各得该名次的奖金", "those tied each have the prize of the place"),
                };
                let minimum = rank.minimum.as_ref().map_or_else(String::new, |minimum| {
                    self.pick(&format!("；须 {minimum}"), &format!("; only with {minimum}"))
                });
                (
                    format!("{each}按 {by} 排名，奖金依次为 {prizes}；{ties}{minimum}。"),
                    format!("Prizes of {prizes} in {each} by {by}; {ties}{minimum}."),
                    prizes,
                )
            }
            Way::Budget(budget) => {
                let limit = self.money(&budget.limit);
                let (each, names) = (self.each(budget.each), self.names_of(&budget.components));
                (
                    format!("{each}的{names}合计以 {limit} 为限，超出时等比缩减。"),
                    format!(
                        "{names} of {each} come to at most {limit} together; above it all are reduced in proportion."
                    ),
                    limit,
                )
            }
        };
        (self.pick(&zh, &en), vec![figure])
    }

    /// What else is said of a component: days, factors, limits, what is held.
    pub(super) fn further(&self, component: &Component) -> Vec<String> {
        let mut all: Vec<(String, String)> = Vec::new();
        if component.from.is_some() || component.to.is_some() {
            let (from, to) = (component.from.map(|d| d.to_string()), component.to.map(|d| d.to_string()));
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            all.push((format!("有效期 {from} 至 {to}。"), format!("From {from} to {to}.")));
        }
        if component.per == Per::Period {
            all.push((
                "按本期合计计算，只舍入一次。".to_owned(),
                "Computed on the sum of the period, rounded once.".to_owned(),
            ));
        }
        if let Some(gate) = &component.gate {
            all.push((format!("门槛：{gate}，未达到不计提。"), format!("Only if {gate}.")));
        }
        for multiplier in &component.multiplier {
            let factor = self.factor(multiplier);
            all.push((format!("乘以系数：{factor}。"), format!("Multiplied: {factor}.")));
        }
        if component.prorate {
            all.push(("按在岗天数折算。".to_owned(), "In proportion to the days there.".to_owned()));
        }
        if let Some(cap) = &component.cap {
            all.push(self.cap(cap));
        }
        if let Some(floor) = &component.floor {
            let money = self.money(&floor.period);
            all.push((format!("每期不低于 {money}。"), format!("At least {money} a period.")));
        }
        all.extend(self.held(component));
        all.into_iter().map(|(zh, en)| self.pick(&zh, &en)).collect()
    }

    fn cap(&self, cap: &Cap) -> (String, String) {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (figure, word_zh, word_en) in
            [(&cap.line, "每笔", "a line"), (&cap.period, "每期", "a period"), (&cap.year, "每年", "a year")]
        {
            if let Some(figure) = figure {
                let money = self.money(figure);
                zh.push(format!("{word_zh}封顶 {money}"));
                en.push(format!("at most {money} {word_en}"));
            }
        }
        let above = cap.above.map(|above| percent(above.0));
        let (tail_zh, tail_en) = above
            .map(|above| (format!("，超出部分按 {above}"), format!(", above it {above} of the rest")))
            .unwrap_or_default();
        (format!("{}{tail_zh}。", zh.join("，")), format!("Capped: {}{tail_en}.", en.join(", ")))
    }

    fn held(&self, component: &Component) -> Vec<(String, String)> {
        let mut all = Vec::new();
        if let Some(recognition) = &component.recognition {
            let needs: Vec<&str> =
                recognition.needs.iter().map(|need| crate::facts::kind_name(&need.kind, self.language)).collect();
            let within = recognition
                .within_days
                .map(|days| (format!("；{days} 天内未齐则作废"), format!("; forfeited if not within {days} days")));
            let (within_zh, within_en) = within.unwrap_or_default();
            all.push((
                format!("待 {} 齐备后发放{within_zh}。", needs.join("、")),
                format!("Held until there is: {}{within_en}.", needs.join(", ")),
            ));
        }
        if let Some(retention) = &component.retention {
            let share = percent(retention.share.0);
            let until = match retention.until {
                RetainedUntil::YearEnd => self.pick("年末", "the end of the year"),
                RetainedUntil::Days(days) => {
                    self.pick(&format!("期末后 {days} 天"), &format!("{days} days after the period"))
                }
            };
            let condition = retention
                .when
                .as_ref()
                .map_or_else(|| self.pick("届时在职", "still there"), |condition| condition.text().to_owned());
            all.push((
                format!("留存 {share} 至{until}，{condition} 方发放。"),
                format!("{share} is retained to {until} and released only if {condition}."),
            ));
        }
        if let Some(clawback) = &component.clawback {
            let share = clawback.share.as_ref().map(|share| self.rate(share)).unwrap_or_else(|| percent(1.into()));
            all.push(match clawback.at {
                ClawbackAt::Own => (format!("冲销按 {share} 扣回。"), format!("Reversals are taken back at {share}.")),
                ClawbackAt::Origin => (
                    format!("冲销按 {share} 计入原业绩所在期间，重算差额在当期扣回。"),
                    format!(
                        "Reversals count at {share} in the period of what they take back; the difference comes now."
                    ),
                ),
            });
        }
        if let Some(true_up) = &component.true_up {
            let span = self.span(true_up.over);
            all.push((
                format!("{span}末按{span}整体重算，多退少补。"),
                format!(
                    "At the end of the {span} it is computed over the whole {span}, and the difference paid or taken."
                ),
            ));
        }
        all
    }

    /// The clauses that belong to no component.
    pub(super) fn whole_plan(&self) -> Vec<Clause> {
        let plan = self.plan;
        let mut clauses = Vec::new();
        let mut add = |title: String, zh: String, en: String| {
            clauses.push(self.clause(title, self.pick(&zh, &en), Vec::new(), None));
        };
        for cap in &plan.caps {
            let names = self.names_of(&cap.components);
            let own = Cap { line: None, period: cap.period.clone(), year: cap.year.clone(), above: cap.above };
            let (zh, en) = self.cap(&own);
            add(self.pick("合计封顶", "Cap"), format!("{names}合计：{zh}"), format!("{names} together. {en}"));
        }
        if let Some(guarantee) = &plan.guarantee {
            let money = self.money(&guarantee.amount);
            let (zh, en) =
                guarantee.when.as_ref().map(|when| (format!("（{when}）"), format!(" if {when}"))).unwrap_or_default();
            add(
                self.pick("保底", "Guarantee"),
                format!("每期保底 {money}{zh}，不抵扣。"),
                format!("At least {money} a period{en}; nothing is taken back."),
            );
        }
        if let Some(draw) = &plan.draw {
            let (zh, en) = self.draw(draw);
            add(self.pick("预支", "Draw"), zh, en);
        }
        if let Some(deductions) = &plan.deductions {
            let most = deductions.most.map(|most| percent(most.0)).unwrap_or_else(|| percent(1.into()));
            let floor = deductions.floor.as_ref().map(|floor| self.money(floor));
            let (zh, en) = floor
                .map(|floor| (format!("，且发放不低于 {floor}"), format!(", and at least {floor} is paid")))
                .unwrap_or_default();
            add(
                self.pick("扣款上限", "Deductions"),
                format!("每期扣款不超过应发的 {most}{zh}；其余结转下期。"),
                format!("At most {most} of a period's pay is kept back{en}; the rest is carried."),
            );
        }
        clauses
    }

    fn draw(&self, draw: &Draw) -> (String, String) {
        let money = self.money(&draw.amount);
        let (zh, en) = if draw.recoverable {
            (
                "不足部分为预支，从以后超出部分抵扣",
                "what is missing is lent and kept back from what is earned above it later",
            )
        } else {
            ("不足部分补足，不抵扣", "what is missing is added and never taken back")
        };
        let (end_zh, end_en) = match draw.forgive {
            Forgive::Never => ("", ""),
            Forgive::YearEnd => ("；年末未抵扣的免还", "; what is owed at the end of the year is forgiven"),
            Forgive::PlanEnd => ("；方案结束时未抵扣的免还", "; what is owed at the end of the plan is forgiven"),
        };
        (format!("每期至少发放 {money}，{zh}{end_zh}。"), format!("At least {money} a period is paid; {en}{end_en}."))
    }
}
