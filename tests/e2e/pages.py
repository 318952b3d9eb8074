"""The catalogue of pages: who opens each on the demo, and why some are not opened.

A page is named by its route, with @ and a word where somebody else opens it too. Its address is found
by the links of the running product (`pages_walk`).
"""


def _names(text: str) -> list[str]:
    return text.split()


#: Everybody who looks, by their address to sign in with; nobody has none.
PEOPLE = {
    "nobody": "",
    "member": "member@athens.example",
    "partner's member": "member@paris.example",
    "juror": "juror@athens.example",
    "ambassador": "ambassador@athens.example",
    "manager's account": "manager@lyon.example",
    "manager": "manager@athens.example",
    "partner's manager": "manager@paris.example",
    "stranger": "manager@london.example",
}

#: Who opens which pages on the demo.
OPENED = {
    "nobody": _names("""
        account_email_verification_sent account_inactive account_login account_reset_password
        account_reset_password_done account_reset_password_from_key_done account_signup
        alliances:public-list ambassadors:link components directory:list directory:map
        events:guest-again home@nobody labels:award labels:public labels:public-list labels:public-version
        labels:verify  privacy:notice research:public research:public-advice
        research:public-list research:public-request socialaccount_login_cancelled
    """),
    "member": _names("""
        ambassadors:calendar ambassadors:own ambassadors:own-briefing ambassadors:own-case
        ambassadors:own-mandate ambassadors:own-mandate-edit ambassadors:own-mandate-new
        assessments:ask assessments:offer assessments:own assessments:own-engagement
        assessments:services bids:own bids:own-list directory:edit directory:interest
        directory:interest-express directory:listing-add directory:matches
        events:meeting-withdraw events:my-agenda events:register events:requests
        events:suggestions events:withdraw home@member labels:application
        labels:application-begin labels:application-receipt labels:applications
        labels:own-awards meetings:ratings
    """),
    "partner's member": _names("""
        assessments:own-advice assessments:own-advice-one assessments:own-later
        assessments:own-report labels:own-award labels:own-result
    """),
    "juror": _names("""
        home@juror labels:own-juries labels:own-jury labels:score
    """),
    "ambassador": _names("""
         directory:wanted home@ambassador
    """),
    "manager": _names("""
        alliances:edit alliances:page alliances:publication ambassadors:board ambassadors:case
        ambassadors:case-edit ambassadors:day ambassadors:hand-over ambassadors:list
        ambassadors:mandate ambassadors:mandates ambassadors:mission-new ambassadors:missions
        ambassadors:new ambassadors:report ambassadors:stakeholder-new assessments:advice-add
        assessments:advice-edit assessments:advice-evidence assessments:board
        assessments:brief-edit assessments:catalogue assessments:engagement assessments:figure
        assessments:figure-bring assessments:figure-edit assessments:figure-fetch
        assessments:figure-renew assessments:figures assessments:finding-add
        assessments:finding-edit assessments:finding-sources assessments:findings
        assessments:hand-over assessments:lessons assessments:list assessments:note
        assessments:note-edit assessments:outcomes assessments:report assessments:report-summary
        assessments:service assessments:service-edit assessments:service-new
        assessments:template assessments:templates assessments:work assessments:workload
        calls:edit directory:create directory:detail directory:duplicates directory:following
        directory:import-detail directory:import-start directory:interests directory:listing
        directory:listing-edit directory:listings directory:membership-end directory:review
        directory:searches events:agenda events:agenda-print events:answers events:check-in
        events:create events:detail events:entry events:entry-add events:invite events:list
        events:outcome events:participants events:repair events:setup events:setup-days
        events:setup-groups events:setup-opening events:setup-rules events:setup-tables
        events:timetable events:whole-agenda failed history:show home insight:figure meetings:catch-up
        meetings:catch-up-call-off meetings:catch-up-edit meetings:catch-up-plan
        meetings:catch-ups meetings:outcomes partnerships:advice partnerships:amend
        partnerships:assessment partnerships:delegations partnerships:detail partnerships:end partnerships:exchange
        partnerships:exit-plan partnerships:file-remove partnerships:planning partnerships:work
        partnerships:results partnerships:papers partnerships:goals partnerships:health
        partnerships:history partnerships:introductions partnerships:list partnerships:money
        partnerships:new partnerships:party-invite partnerships:placements partnerships:plan
        partnerships:recommendation partnerships:record partnerships:record-add
        partnerships:report partnerships:review partnerships:risks partnerships:share
        partnerships:share-change partnerships:share-file partnerships:share-member
        partnerships:sharing partnerships:stages partnerships:stress
        partnerships:text partnerships:unshare search tour work
    """),
    "partner's manager": _names("""
        bids:bid bids:budget bids:budget-partner bids:consortium bids:copy bids:list bids:papers
        bids:partner bids:plan bids:submission calls:add calls:bid calls:detail calls:fit
        calls:import calls:list calls:watched insight:board insight:cell insight:needs
        insight:network insight:network-map insight:network-organisations
        insight:network-position insight:outcomes insight:radar insight:trend insight:what-if
        labels:appeal labels:award-room labels:awards labels:checkup labels:checkups labels:jury
        labels:key-lost labels:keys labels:list labels:publication labels:reading
        labels:result-letter labels:results labels:round labels:round-application
        labels:round-applications labels:round-awards labels:rounds labels:scheme labels:scores
        labels:scores-one labels:selection labels:statistics labels:texts labels:version
        research:advice research:advice-add research:advice-rows research:arrivals
        research:fates research:file research:file-columns research:file-describe
        research:file-writing research:package research:package-compare
        research:packages research:publication research:request research:requests research:rows
        research:studies research:study webhooks:list webhooks:new
    """),
    "manager's account": _names("""
        account_change_password account_email account_logout account_reauthenticate
        mfa_activate_totp mfa_add_webauthn mfa_index mfa_list_webauthn notices:choices
        notices:list people:end people:hand-over people:invite people:last-day people:list
        people:me people:token-new  people:tokens privacy:erase
        privacy:erase-contact privacy:mine privacy:record sessions:list
        socialaccount_connections
    """),
}

#: What is no page: files, feeds, data, and parts that a page asks for while something is worked out.
FILES = _names("""
    alliances:public-sitemap waiting-count ambassadors:briefing-file ambassadors:day-file
    ambassadors:hand-over-pdf ambassadors:link-briefing ambassadors:link-calendar events:guest events:guest-calendar
    ambassadors:own-briefing-file ambassadors:own-meeting ambassadors:report-pdf
    assessments:figure-fetching assessments:figure-file assessments:own-report-pdf
    assessments:report-pdf bids:paper-download bids:search-progress directory:export
    directory:import-problems directory:import-progress directory:import-template
    directory:matches-export directory:matches-progress directory:regions directory:search-open
    directory:terms events:agenda-export events:agenda-progress events:export
    events:my-agenda-ics events:participants-export events:suggestions-progress health-live
    health-ready insight:board-export insight:board-pdf insight:board-schema
    insight:network-graph insight:refresh-progress labels:application-document
    labels:application-record labels:award-badge labels:award-code labels:awards-export
    labels:credential labels:did labels:did-since labels:issuer labels:own-result-pdf
    labels:public-sitemap labels:result-pdf labels:round-application-document
    labels:score-document labels:statistics-export labels:status labels:verify-answer
    meetings:feed metrics mfa_download_recovery_codes notices:open openid_connect_callback
    openid_connect_login partnerships:file partnerships:introduction-export
    partnerships:introduction-progress partnerships:record-export partnerships:report-pdf
    partnerships:text-pdf
    research:crate research:data-file research:file-bytes research:file-check research:file-report
    research:package-cite research:public-cite research:public-crate research:public-file
    research:public-sitemap research:public-version-crate research:public-version-file
    set_language work-one
""")

#: Pages that no link of the demo leads to: looked at in the world of the access tests, as the first
#: reader of a key of its matrix.
ELSEWHERE = {
    "alliances:public": "alliances:public",
    "alliances:public-version": "alliances:public-version",
    "ambassadors:briefing": "ambassadors:briefing",
    "ambassadors:mission": "ambassadors:mission",
    "ambassadors:mission-edit": "ambassadors:mission-edit",
    "ambassadors:mission-stop": "ambassadors:mission-stop",
    "assessments:figure-version": "assessments:figure-version",
    "assessments:note-add": "assessments:note-add",
    "assessments:own-edit": "assessments:own-edit",
    "assessments:step-edit": "assessments:step-edit",
    "assessments:template-line": "assessments:template-line",
    "assessments:template-reset": "assessments:template-reset",
    "bids:link": "bids:link known",
    # Whoever took it stands there once somebody has.
    "research:package-uses": "research:package-uses",
    "bids:plan-needs": "bids:plan-needs",
    "bids:search": "bids:search",
    "bids:searches": "bids:searches",
    "calls:import-detail": "calls:import-detail",
    "directory:cluster-profile": "directory:cluster-profile",
    "directory:duplicate": "directory:duplicate",
    "directory:interest-edit": "directory:interest-edit",
    "directory:review-return": "directory:review-return",
    "invitation": "invitation known",
    "labels:discuss": "labels:discuss",
    "notices:fewer": "notices:fewer known",
    "labels:own-checkup": "labels:own-checkup",
    "meetings:catch-up-minutes": "meetings:catch-up-minutes",
    "partnerships:decline": "partnerships:decline",
    "partnerships:introduction-plan": "partnerships:introduction-plan",
    "partnerships:party-leave": "partnerships:party-leave",
    "partnerships:review-answer": "partnerships:review-answer",
    "partnerships:text-close": "partnerships:text-close",
    "people:token-revoke": "people:token-revoke",
    "research:advice-look": "research:advice-look",
    "research:arrival": "research:arrival",
    "research:data-link": "research:data-link known",
    "research:public-version": "research:public-version",
    "webhooks:detail": "webhooks:detail",
    "webhooks:edit": "webhooks:edit",
    "webhooks:remove": "webhooks:remove",
}

#: Pages that no link leads to: one is led there by what one does.
LED_TO = {
    "account_email_verification_sent": "After signing up.",
    "account_inactive": "After signing in with an account that was closed.",
    "account_logout": "By a button of the menu.",
    "account_reauthenticate": "Before what only oneself may do.",
    "account_reset_password_done": "After asking for a new password.",
    "account_reset_password_from_key_done": "After choosing a new password.",
    "components": "For who builds Proxeny.",
    "failed": "From one's day, once something has failed.",
    "mfa_list_webauthn": "From the second proofs, once there is a passkey.",
    "privacy:erase": "From one's data, which ask for the password first: a third step.",
    "socialaccount_connections": "Where a provider to sign in with is set up.",
    "socialaccount_login_cancelled": "Back from a provider.",
    "work": "From one's day, while something is being worked out.",
}

#: Pages that nobody looks at here, and why.
UNREACHED = {
    "ambassadors:desks": "Who has one desk is led to it; nobody of the demo has two.",
    "partnerships:share-start": "It leads to the form of the one partnership there is.",
    "account_confirm_email": "By a link in a mail to oneself; it has the form of account_email.",
    "account_confirm_login_code": "Codes by mail are not offered: it leads home.",
    "account_reset_password_from_key": "By a link in a mail to oneself; it has the form of account_change_password.",
    "account_set_password": "Who has a password is led to change it.",
    "mfa_authenticate": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_deactivate_totp": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_edit_webauthn": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_generate_recovery_codes": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_login_webauthn": "It answers the script of the form to sign in.",
    "mfa_reauthenticate": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_reauthenticate_webauthn": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_remove_webauthn": "Only with a second proof to sign in: test_sign_in holds one.",
    "mfa_view_recovery_codes": "Only with a second proof to sign in: test_sign_in holds one.",
    "partnerships:edit": "Open while a proposal is written; its form is that of partnerships:new.",
    "set-up": "Only before there is a cluster: test_set_up looks at it.",
    "set-up-code": "Only before there is a cluster: test_set_up looks at it.",
    "socialaccount_login_error": "Only with a provider to sign in by: test_sign_in looks at it.",
    "socialaccount_signup": "Proxeny works by invitation: it leads home.",
    "usersessions_list": "The same address as sessions:list.",
}

#: Pages that are read as one document, so that they may be long on a phone, and why.
READ_WHOLE = {
    "ambassadors:hand-over": "What the next desk reads from first to last; it is printed.",
    "ambassadors:report": "What the desks did, as a board reads it; it is printed.",
    "assessments:own-report": "The report that the member asked for; it is printed.",
    "assessments:service-edit": "One form, filled in from first to last.",
    "components": "All components in all their states, for who builds pages.",
    "events:agenda-print": "A sheet for each participant, made for paper.",
    "events:my-agenda": "A person's day from the first meeting to the last; it is printed.",
    "events:timetable": "All tables at all times, a picture for a desk: on a phone the meetings of a day fold beside it.",
    "labels:public": "What a label asks and how it is awarded: a text that applicants read whole.",
    "labels:public-version": "The same text as it was.",
    "labels:result-letter": "A letter.",
    "partnerships:review-answer": "One form: all questions of a health review, answered from first to last.",
    "notices:choices": "One form with a row for each topic.",
    "privacy:record": "The record of processing, a document.",
    "partnerships:report": "The year as a board reads it; it is printed.",
    "research:file-columns": "One form with a part for each column of a file.",
}

#: Pages that people print.
PRINTED = frozenset(
    _names("""
    alliances:public ambassadors:briefing ambassadors:day ambassadors:hand-over
    ambassadors:own-briefing ambassadors:report assessments:own-report assessments:report
    bids:bid bids:submission events:agenda-print events:check-in events:my-agenda
    events:timetable insight:board labels:award labels:result-letter meetings:catch-up
    partnerships:report partnerships:text research:public
""")
)


def known() -> list[str]:
    """Return the names of all routes in the catalogue, each as often as it stands there."""
    opened = {name.partition("@")[0] for names in OPENED.values() for name in names}
    return [*opened, *FILES, *ELSEWHERE, *UNREACHED]
