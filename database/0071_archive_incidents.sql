-- The archive that what is written does not reach is noticed too.
ALTER TABLE manent.incident DROP CONSTRAINT incident_detector_check;
ALTER TABLE manent.incident ADD CONSTRAINT incident_detector_check
    CHECK (detector IN ('device_report', 'standby', 'access_trail', 'verify', 'archive'));
