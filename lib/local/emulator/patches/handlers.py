"""What several patches of CloudFormation need."""


def replace_handlers(provisioners, old, new):
    """Replaces a function in CloudFormation's tables of resource handlers, which refer to it directly."""
    for table in vars(provisioners).values():
        if isinstance(table, dict):
            for handlers in table.values():
                if isinstance(handlers, dict):
                    for action, handler in handlers.items():
                        if handler is old:
                            handlers[action] = new
