"""What the commands do, in a few words each and sorted by what they are for: for the help."""

CONTENTS: dict[str, dict[str, str]] = {
    "Taking in": {
        "new": "Take in a new matter; the customer is told by when.",
        "incoming": "Note that the customer wrote or called again.",
        "reopen": "Take a closed ticket up again.",
    },
    "Looking": {
        "queue": "List tickets by due time, overdue first.",
        "search": "Find tickets by what was written in them.",
        "show": "Show a ticket: conversation, promises, customer.",
        "customer": "Show or change the profile of a customer.",
        "promises": "List every promise told, and what became of it.",
        "due": "Say which promise a matter would get, and why.",
        "who": "List who has a ticket open now.",
        "attachment": "List or give out the files of a ticket.",
    },
    "Telling the customer": {
        "reply": "Answer the customer; this keeps the promise.",
        "promise": "Tell the customer another date, and why.",
        "no-answer-needed": "Say that the customer waits for nothing, and why.",
        "close": "End a ticket.",
    },
    "Among agents": {
        "note": "Add a note that only agents see.",
        "assign": "Give a ticket to an agent, or to nobody.",
        "tag": "Add tags to a ticket, or take them away.",
        "set": "Change subject, kind or priority of a ticket.",
        "understand": "Note what we understood, and whether it is so.",
        "cause": "Note the root cause and the resolution.",
        "link": "Tie two tickets together as related.",
        "merge": "Merge a ticket into another of the same customer.",
    },
    "Mail": {
        "ingest": "Take in one mail message from standard input.",
        "fetch": "Take in new mail from IMAP accounts.",
        "outbox": "Show what is on its way out; hold it, or try again.",
        "send": "Send once all that is due.",
        "worker": "Send and fetch until stopped.",
        "texts": "Show every text as a customer would read it.",
    },
    "The desk itself": {
        "init": "Make a desk.",
        "demo": "Look around on a desk of invented customers.",
        "import": "Take in tables of other systems, and old mail.",
        "export": "Write everything, or all of one person, as JSON.",
        "erase": "Erase a person for good.",
        "settings": "Show or replace a file of the settings.",
        "audit": "Show who opened, exported, erased, was refused.",
        "check": "Verify every document, the index, the settings.",
        "reindex": "Build the index anew from the documents.",
    },
}
