use insta::assert_snapshot;

use super::Api;

#[tokio::test]
async fn what_is_offered_is_public() {
    let api = Api::new().await;
    assert_snapshot!(api.show(&api.get("services").await), @r#"
    200
    {
      "data": [
        {
          "cancel_until_minutes": 1440,
          "description": "Check-up, calmly.",
          "duration_minutes": 30,
          "fields": [],
          "horizon_days": 60,
          "id": "svc_checkup",
          "mode": "place",
          "move_until_minutes": 1440,
          "name": "Check-up",
          "needs_room": false,
          "notice_minutes": 120,
          "price": null,
          "slug": "checkup",
          "staff": ["stf_vogt","stf_shah"],
          "staffing": "any_of"
        },
        {
          "cancel_until_minutes": 1440,
          "description": "Therapy, calmly.",
          "duration_minutes": 60,
          "fields": [
            {
              "choices": [],
              "id": "fld_.",
              "key": "concern",
              "kind": "long_text",
              "label": "What hurts?",
              "reason": "So that we can prepare.",
              "required": true
            },
            {
              "choices": ["Public","Private","None"],
              "id": "fld_.",
              "key": "insurance",
              "kind": "choice",
              "label": "Insurance",
              "reason": "So that we can prepare.",
              "required": true
            },
            {
              "choices": [],
              "id": "fld_.",
              "key": "first_visit",
              "kind": "check",
              "label": "First visit",
              "reason": "So that we can prepare.",
              "required": false
            },
            {"choices":[],"id":"fld_.","key":"born","kind":"date","label":"Date of birth","reason":"So that we can prepare.","required":false}
          ],
          "horizon_days": 60,
          "id": "svc_therapy",
          "mode": "place",
          "move_until_minutes": 1440,
          "name": "Therapy",
          "needs_room": true,
          "notice_minutes": 120,
          "price": null,
          "slug": "therapy",
          "staff": ["stf_shah","stf_liu"],
          "staffing": "any_of"
        },
        {
          "cancel_until_minutes": 1440,
          "description": "Joint review, calmly.",
          "duration_minutes": 60,
          "fields": [],
          "horizon_days": 60,
          "id": "svc_review",
          "mode": "place",
          "move_until_minutes": 1440,
          "name": "Joint review",
          "needs_room": false,
          "notice_minutes": 120,
          "price": null,
          "slug": "review",
          "staff": ["stf_vogt","stf_shah"],
          "staffing": "all_of"
        }
      ],
      "has_more": false,
      "next": null
    }
    "#);
    assert_snapshot!(api.show(&api.get("staff").await), @r#"
    200
    {
      "data": [
        {"id":"stf_vogt","name":"Dr. Vogt","services":["svc_checkup","svc_review"],"title":"Clinician"},
        {"id":"stf_shah","name":"Priya Shah","services":["svc_checkup","svc_therapy","svc_review"],"title":"Clinician"},
        {"id":"stf_liu","name":"Liu Wei","services":["svc_therapy"],"title":"Clinician"}
      ],
      "has_more": false,
      "next": null
    }
    "#);
    assert_snapshot!(api.show(&api.get("locations").await), @r#"
    200
    {
      "data": [
        {"address":"Hafenstr. 12, Berlin","id":"loc_harbor","name":"Harbor","zone":"Europe/Berlin"},
        {"address":"Bergweg 3, Berlin","id":"loc_hill","name":"Hill","zone":"Europe/Berlin"}
      ],
      "has_more": false,
      "next": null
    }
    "#);
}

#[tokio::test]
async fn addresses_of_staff_are_given_to_nobody() {
    let api = Api::new().await;
    for answer in [api.get("staff").await, api.get_as_clinic("staff").await] {
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains('@'));
    }
}
