"""Reading reports: what the door asks of one by itself, for the gateway and for whoever checks a file beforehand."""
