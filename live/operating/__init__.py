"""Running Jaring for real: copies and their return, erasing by hand, and whether this machine is fit for the day."""
