"""The catalogue of pages: who opens each on the demo, and why some are not opened.

A page is named by its route, with @ and a word where somebody else opens it too.
"""

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

OPENED = {
    "nobody": """
        home@nobody account_email_verification_sent account_inactive account_login
        account_reset_password account_reset_password_done
        account_reset_password_from_key_done account_signup alliances:public
        alliances:public-list alliances:public-version ambassadors:link bids:link components
        directory:list directory:map invitation labels:award labels:public
        labels:public-list labels:public-version labels:verify mfa_login_webauthn
        notices:fewer privacy:notice research:data-link research:public
        research:public-advice research:public-list research:public-request
        research:public-version socialaccount_login_cancelled socialaccount_login_error
    """.split(),
    "member": """
        home@member ambassadors:calendar ambassadors:own ambassadors:own-briefing
        ambassadors:own-case ambassadors:own-mandate ambassadors:own-mandate-edit
        ambassadors:own-mandate-new assessments:ask assessments:offer assessments:own
        assessments:own-edit
        assessments:own-engagement
        assessments:services bids:own bids:own-list directory:edit directory:interest
        directory:interest-edit directory:interest-express directory:listing-add
        directory:matches events:meeting-withdraw events:my-agenda
        events:register events:requests events:suggestions events:withdraw
        labels:application labels:application-begin labels:application-receipt
        labels:applications labels:own-awards labels:own-checkup
        meetings:ratings
    """.split(),
    "partner's member": """
        assessments:own-advice assessments:own-advice-one assessments:own-later
        assessments:own-report labels:own-award labels:own-result
    """.split(),
    "juror": """
        home@juror labels:discuss labels:own-juries labels:own-jury labels:score
    """.split(),
    "ambassador": """
        home@ambassador ambassadors:desks directory:wanted
    """.split(),
    "manager's account": """
        account_change_password account_confirm_email account_confirm_login_code
        account_email account_logout account_reauthenticate account_reset_password_from_key
        account_set_password mfa_activate_totp mfa_add_webauthn mfa_authenticate
        mfa_deactivate_totp mfa_edit_webauthn mfa_generate_recovery_codes mfa_index
        mfa_list_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn
        mfa_view_recovery_codes notices:choices notices:list people:end people:hand-over
        people:invite people:last-day people:list people:me people:token-new
        people:token-revoke people:tokens privacy:erase privacy:erase-contact privacy:mine
        privacy:record sessions:list socialaccount_connections socialaccount_signup
        usersessions_list
    """.split(),
    "manager": """
        alliances:edit alliances:page alliances:publication ambassadors:board
        ambassadors:briefing ambassadors:case ambassadors:case-edit ambassadors:day
        ambassadors:hand-over ambassadors:list ambassadors:mandate ambassadors:mandates
        ambassadors:mission ambassadors:mission-edit ambassadors:mission-new
        ambassadors:mission-stop ambassadors:missions ambassadors:new ambassadors:report
        ambassadors:stakeholder-new assessments:advice-add assessments:advice-edit
        assessments:advice-evidence assessments:board assessments:brief-edit
        assessments:catalogue assessments:engagement assessments:figure
        assessments:figure-bring assessments:figure-edit assessments:figure-fetch
        assessments:figure-renew assessments:figure-version assessments:figures
        assessments:finding-add assessments:finding-edit assessments:finding-sources
        assessments:findings assessments:hand-over assessments:lessons assessments:list
        assessments:note assessments:note-add assessments:note-edit assessments:outcomes
        assessments:report assessments:report-summary assessments:service
        assessments:service-edit assessments:service-new assessments:step-edit
        assessments:template assessments:template-line assessments:template-reset
        assessments:templates assessments:work assessments:workload
        directory:cluster-profile directory:create directory:detail directory:duplicate
        directory:duplicates directory:following directory:import-detail
        directory:import-start directory:interests directory:listing directory:listing-edit
        directory:listings directory:membership-end directory:review directory:review-return
        directory:search-open directory:searches events:agenda events:agenda-print
        events:answers events:check-in events:create events:detail events:entry
        events:entry-add events:invite events:list events:outcome events:participants
        events:repair events:setup events:setup-days events:setup-groups
        events:setup-opening events:setup-rules events:setup-tables events:timetable failed
        history:show home meetings:catch-up meetings:catch-up-call-off
        meetings:catch-up-edit meetings:catch-up-minutes meetings:catch-up-plan
        meetings:catch-ups meetings:outcomes partnerships:advice partnerships:amend
        partnerships:assessment partnerships:decline partnerships:detail partnerships:edit
        partnerships:end partnerships:exchange partnerships:exit-plan
        partnerships:file-remove partnerships:goals partnerships:health partnerships:history
        partnerships:introduction-plan partnerships:introductions partnerships:list
        partnerships:money partnerships:new partnerships:party-invite
        partnerships:party-leave partnerships:placements partnerships:plan
        partnerships:recommendation partnerships:record partnerships:record-add
        partnerships:report partnerships:review partnerships:review-answer
        partnerships:risks partnerships:share partnerships:share-change
        partnerships:share-file partnerships:share-member partnerships:share-start
        partnerships:sharing partnerships:stages partnerships:stress partnerships:text
        partnerships:text-close partnerships:unshare search
    """.split(),
    "partner's manager": """
        bids:bid bids:budget bids:budget-partner bids:consortium bids:copy bids:list
        bids:papers bids:partner bids:plan bids:plan-needs bids:search bids:searches
        bids:submission calls:add calls:bid calls:detail calls:edit calls:fit calls:import
        calls:import-detail calls:list calls:watched insight:board insight:cell
        insight:figure insight:needs insight:network insight:network-map
        insight:network-organisations insight:network-picture insight:outcomes insight:radar
        insight:trend insight:what-if labels:appeal labels:award-room labels:awards
        labels:checkup labels:checkups labels:jury labels:key-lost labels:keys labels:list
        labels:publication labels:reading labels:result-letter labels:results labels:round
        labels:round-application labels:round-applications labels:round-awards labels:rounds
        labels:scheme labels:scores labels:scores-one labels:selection labels:statistics
        labels:texts labels:version research:advice research:advice-add research:advice-look
        research:advice-rows research:arrival research:arrivals research:fates research:file
        research:file-check research:file-columns research:file-describe
        research:file-writing research:package research:package-compare
        research:package-uses research:packages research:publication research:request
        research:requests research:rows research:studies research:study webhooks:detail
        webhooks:edit webhooks:list webhooks:new webhooks:remove
    """.split(),
}
FILES = """
    alliances:public-sitemap ambassadors:briefing-file ambassadors:day-file
    ambassadors:hand-over-pdf ambassadors:link-briefing ambassadors:link-calendar
    ambassadors:own-briefing-file ambassadors:own-meeting ambassadors:report-pdf
    assessments:figure-fetching assessments:figure-file assessments:own-report-pdf
    assessments:report-pdf bids:paper-download bids:search-progress directory:export
    directory:import-problems directory:import-progress directory:import-template
    directory:matches-export directory:matches-progress directory:regions
    directory:terms events:agenda-export events:agenda-progress events:export
    events:my-agenda-ics events:participants-export events:suggestions-progress
    health-live health-ready insight:board-export insight:board-pdf insight:board-schema
    insight:network-graph insight:refresh-progress labels:application-document
    labels:application-record labels:award-badge labels:award-code labels:awards-export
    labels:credential labels:did labels:did-since labels:issuer labels:own-result-pdf
    labels:public-sitemap labels:result-pdf labels:round-application-document
    labels:score-document labels:statistics-export labels:status labels:verify-answer
    meetings:feed metrics mfa_download_recovery_codes notices:open
    openid_connect_callback openid_connect_login partnerships:file
    partnerships:introduction-export partnerships:introduction-progress
    partnerships:record-export partnerships:report-pdf research:crate research:data-file
    research:file-bytes research:file-report research:package-cite research:public-cite
    research:public-crate research:public-file research:public-sitemap
    research:public-version-crate research:public-version-file set_language
""".split()

#: Pages that the demo does not lead to, and why. Each is looked at by another test.
UNREACHED: dict[str, str] = {}
#: Pages that people print.
PRINTED = {
    "events:agenda-print", "events:my-agenda", "events:timetable", "events:check-in",
    "ambassadors:briefing", "ambassadors:day", "ambassadors:own-briefing", "ambassadors:report",
    "ambassadors:hand-over", "assessments:report", "assessments:own-report", "partnerships:report",
    "partnerships:text", "insight:board", "labels:result-letter", "labels:award", "bids:bid",
    "bids:submission", "meetings:catch-up", "research:public", "alliances:public",
}  # fmt: skip


def known() -> list[str]:
    """Return the names of all routes in the catalogue, each as often as it stands there."""
    opened = {name.partition("@")[0] for names in OPENED.values() for name in names}
    return [*opened, *FILES, *UNREACHED]
