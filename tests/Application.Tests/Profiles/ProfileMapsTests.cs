using AutoMapper;
using PhoneAuth.Application.Profiles;

namespace PhoneAuth.Application.Tests.Profiles;

public class ProfileMapsTests
{
    [Test]
    public void Every_member_of_a_read_model_has_its_source() =>
        new MapperConfiguration(maps => maps.AddProfile<ProfileMaps>()).AssertConfigurationIsValid();
}
