"""The government-services chapter (政务服务): items and feedback."""
