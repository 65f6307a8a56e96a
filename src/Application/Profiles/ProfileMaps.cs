using AutoMapper;
using PhoneAuth.Application.Sessions;
using PhoneAuth.Domain.Sessions;
using PhoneAuth.Domain.Users;

namespace PhoneAuth.Application.Profiles;

/// <summary>The flat projections of read models: a query fetches what is answered and nothing else.</summary>
internal sealed class ProfileMaps : Profile
{
    public ProfileMaps()
    {
        CreateMap<User, ProfileResponse>()
            .ForMember(profile => profile.PhoneNumber, map => map.MapFrom(user => user.PhoneNumber.E164))
            .ForMember(profile => profile.InviteCode, map => map.MapFrom(user => user.InviteCode.Value))
            .ForMember(
                profile => profile.ActivatedInviteCode,
                map => map.MapFrom(user => user.ActivatedInviteCode == null ? null : user.ActivatedInviteCode.Value))
            .ForMember(
                profile => profile.CanActivateInviteCode,
                map => map.MapFrom(user => user.ActivatedInviteCode == null && !user.ActivationSpent))
            .ForMember(profile => profile.InvitedUsers, map => map.MapFrom(_ => Array.Empty<InvitedUserResponse>()));
        CreateMap<Session, SessionResponse>().ForMember(session => session.IsCurrent, map => map.Ignore());
    }
}
