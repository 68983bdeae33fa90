//! Stage rewards: once, forfeited, reopened, shared.

use super::*;

fn world(if_lost: &str) -> World {
    World::new(&[&plan(&format!(
        "  - {{id: s, stage_reward: {{stage: Proposal, amount: 300, if_lost: {if_lost}}}}}"
    ))])
}

impl World {
    fn entry(self, date: &str, deal: u128, person: u128, stage: &str) -> Self {
        let stage = stage.to_owned();
        self.with("stage_entered", date, 0, move |mut row| {
            row.opportunity = Some(deal);
            row.attribute("stage", &stage)
                .credit(person, "owner", 1_000_000)
        })
    }

    fn deal(self, kind: &str, date: &str, deal: u128, refers_to: Option<u32>) -> Self {
        self.with(kind, date, 0, move |mut row| {
            row.opportunity = Some(deal);
            row.refers_to = refers_to;
            row.credit(1, "owner", 1_000_000)
        })
    }
}

#[test]
fn once_per_deal_ever_whoever_comes_first() {
    let world = world("keep")
        .entry("2026-03-10", 7, 2, "Proposal")
        .entry("2026-03-05", 7, 1, "Proposal")
        .entry("2026-04-01", 7, 1, "Proposal")
        .entry("2026-03-06", 8, 1, "Other");
    assert_eq!(world.lines("2026-03"), ["300.00"]);
    assert_eq!(world.lines("2026-04"), [""; 0]);
    assert_eq!(world.total(2, "2026-03"), "0.00");
}

#[test]
fn an_entry_taken_back_leaves_it_to_the_next() {
    let world = world("keep").entry("2026-03-05", 7, 1, "Proposal").with(
        "stage_entered",
        "2026-03-06",
        0,
        |mut row| {
            row.opportunity = Some(7);
            row.refers_to = Some(1);
            row.attribute("stage", "Proposal")
                .credit(1, "owner", 1_000_000)
        },
    );
    assert_eq!(world.total(1, "2026-03"), "0.00");
    let world = world.entry("2026-03-20", 7, 2, "Proposal");
    assert_eq!(world.total(2, "2026-03"), "300.00");
}

#[test]
fn forfeited_when_lost_and_back_when_reopened() {
    let lost = world("forfeit").entry("2026-03-05", 7, 1, "Proposal").deal(
        "opportunity_lost",
        "2026-04-09",
        7,
        None,
    );
    let estimate = lost.estimate(1, "2026-03");
    assert_eq!(
        (estimate.amount_minor, estimate.lines[0].status),
        (0, LineStatus::Forfeited)
    );
    assert!(
        estimate.lines[0]
            .explanation
            .steps
            .contains(&crate::explain::Step::Forfeited {
                sequence: 2,
                date: day("2026-04-09")
            })
    );
    assert_eq!(
        super::super::estimate(&lost.snapshot(), 1, period("2026-03"), day("2026-04-08"))
            .amount_minor,
        30_000
    );
    let reopened = lost.deal("opportunity_lost", "2026-04-20", 7, Some(2));
    assert_eq!(reopened.total(1, "2026-03"), "300.00");
    let lost_again = reopened.deal("opportunity_lost", "2026-05-01", 7, None);
    assert_eq!(lost_again.total(1, "2026-03"), "0.00");
    let won = lost_again.deal("opportunity_won", "2026-06-01", 7, None);
    assert_eq!(won.total(1, "2026-03"), "300.00");
}

#[test]
fn kept_when_the_plan_says_so() {
    let lost = world("keep").entry("2026-03-05", 7, 1, "Proposal").deal(
        "opportunity_lost",
        "2026-04-09",
        7,
        None,
    );
    assert_eq!(lost.total(1, "2026-03"), "300.00");
}

#[test]
fn shared_by_credit_to_the_cent() {
    let world = World::new(&[&plan(
        "  - {id: s, stage_reward: {stage: Proposal, amount: 100.01, if_lost: keep}}",
    )])
    .with("stage_entered", "2026-03-05", 0, |mut row| {
        row.opportunity = Some(7);
        row.attribute("stage", "Proposal")
            .credit(1, "owner", 500_000)
            .credit(2, "owner", 500_000)
    });
    assert_eq!(
        (world.total(1, "2026-03"), world.total(2, "2026-03")),
        ("50.01".to_owned(), "50.00".to_owned())
    );
}

#[test]
fn an_entry_of_no_deal_is_listed() {
    let world = world("keep").with("stage_entered", "2026-03-05", 0, |row| {
        row.attribute("stage", "Proposal")
            .credit(1, "owner", 1_000_000)
    });
    assert_eq!(
        world.estimate(1, "2026-03").not_counted[0].reason,
        "no_opportunity"
    );
}
